"""What the commands do; ``cli.py`` says what they are called and imports each only when it is asked for."""
