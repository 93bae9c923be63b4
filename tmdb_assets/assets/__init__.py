"""One file per asset, its checks beside it: listing this folder is reading the pipeline."""
