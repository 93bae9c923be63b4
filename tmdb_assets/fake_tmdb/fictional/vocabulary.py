"""The keywords of fictional films: TMDB's own ids for the shipped themes, invented ids for the rest."""

THEMES: dict[str, dict[str, int]] = {
    "queer": {
        "queer": 250606,
        "queer cinema": 300642,
        "genderqueer": 266529,
        "lgbt": 158718,
        "lgbtq": 329998,
    },
    "trans": {
        "transgender": 290527,
        "trans": 336668,
        "trans woman": 208798,
        "trans man": 194530,
        "transsexual": 34115,
        "transsexuality": 571,
        "transidentity": 274776,
        "gender transition": 234700,
    },
    "pansexuality": {"pansexual": 262765, "pansexuality": 9_900_001},
    "lesbian": {
        "lesbian": 264386,
        "lesbian relationship": 9833,
        "lesbian love": 315385,
        "lesbian romance": 319872,
        "lesbian couple": 315382,
        "female homosexuality": 15136,
    },
    "gay": {
        "gay": 331774,
        "gay theme": 258533,
        "gay relationship": 265777,
        "gay romance": 240305,
        "gay interest": 10199,
        "male homosexuality": 10180,
        "homosexuality": 275157,
    },
    "bisexual": {"bisexuality": 3183, "bisexual": 329968, "bisexual man": 168812, "bisexual woman": 287417},
    "non-binary": {"non-binary": 252909, "nonbinary": 281282},
    "intersex": {"intersex": 240109, "intersexuality": 9331, "intersex child": 257264},
    "asexual": {"asexuality": 247099, "asexual": 329977, "aromantic asexual": 322171},
    "drag": {
        "drag": 171636,
        "drag queen": 824,
        "drag king": 199911,
        "drag show": 224309,
        "drag artist": 241875,
        "man in drag": 186915,
    },
    "coming-out": {"coming out": 1862},
}
"""Keyword ids by name, by theme."""

_ANYWHERE = (
    "friendship", "small town", "family secret", "sibling relationship", "grief", "night", "winter",
    "road trip", "train", "letter", "seaside", "island", "reunion", "inheritance", "betrayal", "ambition",
    "journalist", "immigrant", "village", "summer", "loneliness", "hope", "class differences", "old age",
    "childhood", "rain", "memory", "neighbor", "wedding", "transition", "dragonfly", "dayshift", "gaze",
    "intersection",
)  # fmt: skip
_BY_GENRE = {
    28: "chase|explosion|stunt|mercenary|hostage|martial arts|one man army|car chase|transporter",
    12: "treasure hunt|expedition|jungle|desert|map|shipwreck|quest|dragon",
    16: "talking animal|stop motion|anthropomorphism|transformation|toy|dragon|musical number",
    35: "misunderstanding|awkward situation|satire|buddy|slapstick|mistaken identity|roommates",
    80: "heist|detective|organized crime|corruption|undercover|prison|forgery|smuggling",
    99: "archive footage|interview|nature|biography|city portrait|music history|activism",
    18: "coming of age|illness|marriage crisis|forgiveness|poverty|single parent|transplant|reconciliation",
    10751: "pet|school|grandparents|holiday|snow|magic|circus",
    14: "dragon|curse|magic|transformation|kingdom|prophecy|parallel world|talking cat",
    36: "court|revolution|19th century|letters|factory|monarchy|strike|drag hunt",
    27: "haunted house|possession|monster|cult|isolation|transformation|organ transplant|nightmare|cellar",
    10402: "band|opera|piano|jazz|tour|choir|songwriter",
    9648: "disappearance|amnesia|cold case|lighthouse|secret|locked room|unreliable narrator",
    10749: "first love|long distance relationship|second chance|summer romance|love letter|love triangle",
    878: "space station|android|time loop|first contact|dystopia|clone|transport ship|asexual reproduction",
    10770: "christmas|small business|holiday|baking|nurse",
    53: "stalker|conspiracy|witness|blackmail|kidnapping|surveillance|drag racing|assassin",
    10752: "soldier|resistance|deserter|siege|field hospital|occupation|trench",
    37: "outlaw|sheriff|frontier|revenge|cattle|railroad|gold rush",
}


def _ordinary() -> dict[str, int]:
    names = dict.fromkeys([*_ANYWHERE, *"|".join(_BY_GENRE.values()).split("|")])
    return {name: 9_900_101 + position for position, name in enumerate(names)}


_ORDINARY = _ordinary()
ANYWHERE = [_ORDINARY[name] for name in _ANYWHERE]
BY_GENRE = {genre: [_ORDINARY[name] for name in names.split("|")] for genre, names in _BY_GENRE.items()}
KEYWORDS = {keyword_id: name for names in (*THEMES.values(), _ORDINARY) for name, keyword_id in names.items()}
"""Every keyword by id; some look like a theme's and are not."""

THEME_OF = {keyword_id: theme for theme, names in THEMES.items() for keyword_id in names.values()}
