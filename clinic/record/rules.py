"""How a person's details are written so that two spellings of them can meet. Pure: the database only compares.

`directory_keys` gives the derived columns of the directory for one person; the duplicate query reads nothing else.
"""

import re
import unicodedata
from typing import TypedDict

LONGEST = 60  # Postgres' levenshtein() refuses 256 bytes or more
SOUND_LENGTH = 6
MOST_FORMS = 6

# Letters that Unicode does not take apart into a base letter and a mark.
_WHOLE_LETTERS = str.maketrans(
    {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h"}
)
_MARKS_INSIDE_A_WORD = re.compile(r"['`´‘’ʻʼʹ.]")
_TITLES = {"mr", "mrs", "ms", "miss", "dr", "jr", "sr", "ii", "iii", "iv"}

# Each line: a formal name and what people who bear it are called. A short form may stand on several lines.
_NICKNAMES = """
abigail abby abbie gail|abraham abe|adelaide addie|agnes aggie|albert al bert bertie|alejandro alex ale
alejandra alex ale|alexander alex al alec sandy xander sasha lex|alexandra alex sandra lexi sandy sasha
alfred al fred alfie|alice ali|alison ali|allison ali ally|amanda mandy|amelia amy millie|andrea andi|andrew andy drew
angela angie|ann annie nan nancy|anna annie|anne annie|anthony tony ant|antonio tony toni|antonia toni|arthur art
augustus gus|barbara barb babs|bartholomew bart|beatrice bea trixie|belinda bel lindy|benjamin ben benny benji
bernard bernie|bernadette bernie|beth liz|bradley brad|bridget biddy|caroline carrie caro carol|cassandra cass cassie sandra
catherine cathy cath kate katie kitty cat|cecilia ceci cissy|charles charlie chuck chas chip carlos|charlotte charlie lottie
chelsea chels|christina chris tina chrissy|christine chris tina chrissy|christopher chris kit topher|clifford cliff|clinton clint
concepcion concha conchita|constance connie|cornelius neil|curtis curt|cynthia cindy|daniel dan danny|danielle dani
david dave davey|deborah deb debbie|dennis den denny|diana di|dolores lola|dominic dom nic|donald don donny|dorothy dot dottie dolly
douglas doug|edgar ed|edmund ed ned ted|eduardo eddie lalo|edward ed eddie ned ted teddy|edwin ed eddie|eleanor ellie nell nora
elizabeth liz lizzie beth betty betsy eliza libby elsie bess lisa|emily em emmy|emma em emmy|enrique kike|ernest ernie
eugene gene|evelyn evie|felicity flick|ferdinand ferdie|fernando nando fer|frances fran frannie franny|francesca fran frankie|francis frank fran frankie
francisco paco pancho frank cisco|franklin frank|frederick fred freddie|gabriel gabe|gabriella gabby ella|gabrielle gabby
geoffrey geoff|george georgie|georgina georgie gina|gerald gerry jerry|gertrude trudy gert|gilbert gil|giovanni gianni
gregory greg|guadalupe lupe lupita|guillermo memo|gwendolyn gwen|hannah han|harold hal harry|harriet hattie|harrison harry
heather|helen nell|henry harry hank hal|herbert bert herb|hector|ignacio nacho|imogen immy|isaac ike|isabel izzy bella
isabella izzy bella|isabelle izzy belle|isaiah zay|jacob jake|jacqueline jackie|james jim jimmy jamie jem|jane janie
janet jan|janice jan|jason jay|jean jeanie|jeffrey jeff|jennifer jen jenny|jeremiah jerry|jeremy jez|jerome jerry
jessica jess jessie|jesus chuy|jillian jill|joan joanie|joanna jo|joanne jo|john jack johnny jock|jonathan jon jonny
jordan jordy|jose pepe|joseph joe joey|josephine jo josie|joshua josh|judith judy|julia jules julie|julian jules
juliet jules|katherine kathy kath kate katie kitty kat|kathleen kathy kath kate katie|kathryn kathy kath kate katie
kenneth ken kenny|kimberly kim|kristen kris|kristina kris tina|lachlan lachie|lawrence larry laurie|leonard len leo lenny
leonardo leo|leslie les|lewis lew|lillian lil lily|louis lou|louisa lou|louise lou|lucille lucy|luis lucho|lydia|madeleine maddie
madeline maddie|madison maddie|manuel manny manolo|marcus marc|margaret maggie meg peggy peg marge margie daisy greta rita
maria mari|marie mari|marjorie marge margie|martha marty|martin marty|mary molly polly mamie|matilda tilly mattie|matthew matt
maximilian max|maxwell max|maxine max|megan meg|melanie mel|melissa mel missy lissa|mercedes meche|michael mike mick micky mikey
michaela kayla|michelle shelly chelle|mildred millie|miranda mandy|mitchell mitch|mohammed mo mohamed muhammad|monica mo
nancy nan|natalie nat|natasha tasha nat|nathan nate nat|nathaniel nate nat nathan|nicholas nick nicky nico
nicola nicky|nicole nicky nikki|norman norm|olivia liv livvy|oliver ollie|oscar ozzie|pamela pam|patricia pat patty tricia trish
patrick pat paddy rick|paul pauly|penelope penny|peter pete|philip phil pip|philippa pippa pip|phillip phil|priscilla cilla
rachel rach|ralph ralphie|raphael rafe|rafael rafa|randall randy|raymond ray|rebecca becky bec becca|reginald reg reggie
richard rick ricky rich dick dickie|robert rob bob bobby robbie bert|roberta bobbie|roberto beto|rodney rod|roger rodge
roland rollo|ronald ron ronnie|rosemary rose rosie|rosario charo|roxanne roxy|rudolph rudy|russell russ|ruth ruthie
salvador sal chava|samantha sam sammy|samson sam|samuel sam sammy|sandra sandy|sarah sally sadie|savannah sav|sebastian seb bas
sergio checho|sharon shaz|shirley shirl|simon si|sophia sophie|sophie soph|stanley stan|stephanie steph|stephen steve stevie
steven steve stevie|stewart stu|stuart stu|susan sue susie suzy suzie|susanna sue susie|suzanne sue suzie|sydney syd|sylvia sylvie|tabitha tabby
terence terry|teresa terry terri tess tessa|theresa terry terri tess tessa|theodore ted teddy theo|thomas tom tommy|timothy tim timmy
tobias toby|valerie val|vanessa ness nessa|veronica ronnie vera roni vero|victor vic|victoria vicky tori|vincent vince vinnie
virginia ginny ginger|vivian viv|walter walt wally|wendy|wesley wes|wilfred wilf fred|wilhelmina billie mina
william bill billy will willie liam|winifred winnie|winston win|yolanda yoli|zachary zac zach zack zak
""".strip()

# Given names in wide use that no line above holds: one letter between two of them makes two people, not a typo.
_OTHER_GIVEN_NAMES = """
aaliyah aaron ada adam adriana adrian aidan aiden aisha alan alana alberto alexis alicia alina alma alvin alyssa amber amir
amira amy ana anita ariana arlo ashley ashton aubrey audrey austin ava avery ayden barry beau blake bonnie brady brandon brayden
brenda brett brian brianna brody brooke bruce bryan bryce byron caden caleb callum cameron camila carl carla carlos carmen carol
carson carter casey chad chloe claire clara clark claudia cody colby cole colin connor cooper cora corey courtney craig crystal
daisy dale damian damon dana darren darius dawn dean delia diego dina dominique dora doris duncan dustin dwayne dylan earl ebony
eden edith eileen elaine elena eli elias elijah ella elliot elmer elsa elvira erica erik eric erin esteban esther ethan eva evan eve
faith farah felix fernando fiona flora florence freya garrett gary gavin gemma genevieve gina glen gloria gordon grace grant greta
hailey hana haley hayden hayley hazel hope hugo hunter ian ibrahim ida ines ingrid irene iris irma ivan ivy jada jaden jaime jake
jared jasmine javier jayden jayla jenna jesse jill joel johanna jonah jorge josiah joy joyce juan juana judah june justin kai kaleb
karen karim karina karl kayden kayla keira keith kelly kelsey kendra kerry kevin kiara kieran kirsten kurt kyle kylie laila lana
landon lara lars laura lauren layla leah lee leila lena leon leona levi lila lina linda lisa lloyd logan lola loren lori lorna luca
lucas lucia luisa luka lukas luke lynn mabel mackenzie malcolm marc marcia marco maren maria mariah marian mariana marie marilyn marina
mario marion marisa mark marlene marlon marta marvin mason mateo maurice maya mei mia mila miles milo miguel mina miriam mohamed
molly morgan mona myles nadia naomi nancy nayeli neil nelson nia nina noah noel noelle nolan nora nuria olga omar orla otis owen
paige paloma paola parker paula pedro perla petra phoebe priya quinn rafaela ramona raul raven reed rhonda ricardo riley rita robin
rocio rohan rory rosa ross rowan ruben ryan rylan sabrina santiago sara savanna sean selena selma shane shannon shawn sheila sierra
silvia skye sofia sonia spencer stacey stacy stella summer susana tamara tanya tara taylor theo tina todd tracy travis trevor tristan
troy tyler ursula valentina valeria vera victoria violet wanda warren wayne wyatt xavier yara yasmin yolanda yusuf zara zelda zoe
akoni anh binh chau cuong dat diem dung duong duyen giang hai hanh hieu hoa hoang hung huong huyen kailani kaimana kalani kamaka
kanoa kawika keala keanu kekoa keola keoni khanh lam lan leilani linh loan long mai makana makoa malia minh my nalani nam nga ngan
ngoc nhi nhung noelani phong phuc phuong quan quang quyen quynh son tam tan thanh thao thi thu thuy tien toan trang tri trinh trung
truong tuan tung tuyet van vinh vy xuan yen
""".strip()
_GIVEN_NAMES = set(re.findall(r"[a-z]+", _OTHER_GIVEN_NAMES + _NICKNAMES))

_STREET_WORDS = {
    "av": "avenue", "ave": "avenue", "bch": "beach", "blvd": "boulevard", "boul": "boulevard", "cct": "circuit",
    "cir": "circle", "cl": "close", "cres": "crescent", "cr": "crescent", "ct": "court", "dr": "drive",
    "drv": "drive", "esp": "esplanade", "gdns": "gardens", "gr": "grove", "hwy": "highway", "ln": "lane",
    "pde": "parade", "pkwy": "parkway", "pl": "place", "rd": "road", "sq": "square", "st": "street",
    "str": "street", "tce": "terrace", "ter": "terrace", "wy": "way", "apt": "unit", "apartment": "unit",
    "flat": "unit", "mt": "mount", "n": "north", "s": "south", "e": "east", "w": "west",
}  # fmt: skip


def _formal_names() -> dict[str, tuple[str, ...]]:
    formal: dict[str, tuple[str, ...]] = {}
    for line in _NICKNAMES.replace("\n", "|").split("|"):
        name, *called = line.split()
        for short in called:
            formal[short] = (*formal.get(short, ()), name)
    return formal


_FORMAL_NAMES = _formal_names()


class DirectoryKeys(TypedDict):
    """The derived columns of the directory, by column name.

    `given_known` has two places, for the given and the family name: how it is said where it is a given name in wide
    use, else "". Two such names that are said differently are two people, however alike they are written.
    """

    given_key: str
    given_forms: list[str]
    given_sound: str
    given_known: list[str]
    family_key: str
    family_forms: list[str]
    family_sound: str
    birth_digits: str
    street_key: str
    suburb_key: str
    postcode_key: str
    state_key: str
    phone_key: str
    name_words: str
    match_keys: list[str]


def plain_words(text: str) -> list[str]:
    """Lower case, without marks and apostrophes, split at anything that is neither letter nor digit.

    "Kaʻiulani O'Neil-Nguyễn" becomes kaiulani, oneil, nguyen. Scripts without a Latin form stay as they are.
    """
    lowered = _MARKS_INSIDE_A_WORD.sub(
        "", unicodedata.normalize("NFKD", text).casefold().translate(_WHOLE_LETTERS)
    )
    return re.findall(r"[^\W_]+", "".join(c for c in lowered if not unicodedata.combining(c)))


def normalise_name(text: str) -> str:
    """The name as one run of letters: spaces are where typing goes wrong most. Titles are dropped."""
    words = plain_words(text)
    return "".join([word for word in words if word not in _TITLES] or words)[:LONGEST]


_SOUNDS = [
    (r"^(kn|gn|pn)", "n"), (r"^wr", "r"), (r"^ps", "s"), (r"^x", "s"), (r"^mac", "mc"), (r"tch", "x"),
    (r"sch", "sk"), (r"ch|sh", "x"), (r"ph", "f"), (r"th", "t"), (r"gh", "g"), (r"dge", "j"), (r"ck", "k"),
    (r"c(?=[eiy])", "s"), (r"[cq]", "k"), (r"g(?=[eiy])", "j"), (r"z", "s"), (r"v", "f"), (r"x(?=t)", "ks"),
]  # fmt: skip
_SOUND_RULES = [(re.compile(pattern), to) for pattern, to in _SOUNDS]


def sound_of(name: str) -> str:
    """The consonants as English speakers hear them; an opening vowel is kept as "a". "" for an empty name."""
    heard = name
    for pattern, to in _SOUND_RULES:
        heard = pattern.sub(to, heard)
    first, rest = heard[:1], re.sub(r"[aeiouhwy]", "", heard[1:])
    code = ("a" if first in "aeiou" else first) + rest if first else ""
    return re.sub(r"(.)\1+", r"\1", code)[:SOUND_LENGTH]


def _given_sound(name: str) -> str:
    """Adds "+" where the ending makes another name of it: Daniel and Danielle, Carl and Carla are two people."""
    return sound_of(name) + ("+" if re.search(r"(ah?|elle|ette|enne)$", name) else "")


def _as_said(name: str) -> str:
    """How a given name in wide use is said, vowels too: Jon is John and Sara is Sarah, Joan is neither. "" for others."""
    if name not in _GIVEN_NAMES:
        return ""
    said = re.sub(r"h(?![aeiou])", "", re.sub(r"ph", "f", name))
    for pattern, to in (
        (r"eo|ea|ee|ie|ey|ay|y", "i"),
        (r"c(?=[ei])", "s"),
        (r"[cq]|ck", "k"),
        (r"z", "s"),
        (r"v", "f"),
    ):
        said = re.sub(pattern, to, said)
    said = re.sub(r"(.)\1+", r"\1", re.sub(r"(?<=.)e$", "", said))
    return said + ("+" if re.search(r"(elle|ette|enne)$", name) else "")


def _given_forms(given: str, others: list[str]) -> list[str]:
    """Every name this person answers to: the words of the name, the formal names behind them, and the aliases."""
    words = [word for word in plain_words(given) if word not in _TITLES]
    known = [normalise_name(given), *words[:1], *others]
    formal = [name for word in known for name in _FORMAL_NAMES.get(word, ())]
    return [form for form in dict.fromkeys(known + formal) if len(form) > 1][:MOST_FORMS]


def _family_forms(family: str, others: list[str]) -> list[str]:
    """The whole family name, each part of a double one that can stand alone, and former names."""
    parts = [word for word in plain_words(family) if len(word) > 3]
    return [form for form in dict.fromkeys([normalise_name(family), *parts, *others]) if len(form) > 1][
        :MOST_FORMS
    ]


def _birth_digits(birth: str) -> str:
    digits = re.sub(r"\D", "", birth)
    return digits if len(digits) == 8 else ""


def _street_key(street: str) -> str:
    return "".join(_STREET_WORDS.get(word, word) for word in plain_words(street))[:LONGEST]


def directory_keys(
    *,
    given: str = "",
    family: str = "",
    other_names: str = "",
    birth: str = "",
    street: str = "",
    suburb: str = "",
    postcode: str = "",
    state: str = "",
    phone_digits: str = "",
) -> DirectoryKeys:
    """The directory's derived columns for one person, as typed. `birth` is ISO; an impossible one still counts.

    `other_names` holds aliases, former and chosen names, separated by commas or spaces.
    """
    aliases = [word for word in plain_words(other_names) if len(word) > 1]
    squeezed = "".join(plain_words(postcode))
    keys = DirectoryKeys(
        given_key=normalise_name(given),
        given_forms=_given_forms(given, aliases),
        given_sound=_given_sound(normalise_name(given)),
        given_known=[_as_said(normalise_name(given)), _as_said(normalise_name(family))],
        family_key=normalise_name(family),
        family_forms=_family_forms(family, aliases),
        family_sound=sound_of(normalise_name(family)),
        birth_digits=_birth_digits(birth),
        street_key=_street_key(street),
        suburb_key="".join(plain_words(suburb))[:LONGEST],
        # ZIP+4: the last four digits are a side of a street and often left out.
        postcode_key=squeezed[:5] if re.fullmatch(r"\d{9}", squeezed) else squeezed[:12],
        state_key="".join(plain_words(state))[:20],
        phone_key=phone_digits[-10:] if len(phone_digits) >= 7 else "",
        name_words=" ".join(plain_words(f"{given} {family} {other_names}")),
        match_keys=[],
    )
    keys["match_keys"] = _match_keys(keys)
    return keys


def _match_keys(keys: DirectoryKeys) -> list[str]:
    """Two people are compared when they share one of these.

    Each pairs two facts, so that no list grows with the commonest name alone; names come by sound and by their
    first letters, unordered, so that swapped names and a typo further on still meet.
    """
    born, postcode, street = keys["birth_digits"], keys["postcode_key"], keys["street_key"]
    given, family = keys["given_key"], keys["family_key"]
    given_sounds = {sound_of(form) for form in keys["given_forms"] or [given]} - {""}
    family_sounds = {sound_of(form) for form in keys["family_forms"] or [family]} - {""}
    heads = {name[:3] for name in (given, family) if name}
    tails = {name[-3:] for name in (given, family) if len(name) > 3}
    places: list[str] = [f"z{postcode}"] if postcode else []
    if keys["suburb_key"]:
        places.append(f"u{keys['suburb_key'][:8]}")
    if street:
        places.append(f"s{street}")
    dates: list[str] = []
    if born:
        day_month = "".join(sorted((born[4:6], born[6:])))
        dates = [f"y{born[:4]}", f"d{day_month}"]
    found = {f"nn{'|'.join(sorted((a, b)))}" for a in given_sounds for b in family_sounds}
    if given and family:
        found.add(f"hh{'|'.join(sorted((given[:3], family[:3])))}")
        found.add(f"ht{'|'.join(sorted((given[-3:], family[-3:])))}")
    for fact in places + dates:
        found |= {f"n{name}|{fact}" for name in given_sounds | family_sounds}
        found |= {f"h{name}|{fact}" for name in heads}
        found |= {f"t{name}|{fact}" for name in tails}
    if born:
        found.add(f"b{born[:4]}{dates[1]}")
    if number := re.match(r"\d+", street):
        found |= {f"a{street}", f"a{number[0]}|{postcode}"} if postcode else {f"a{street}"}
    if keys["phone_key"]:
        found.add(f"p{keys['phone_key']}")
    return sorted(found)
