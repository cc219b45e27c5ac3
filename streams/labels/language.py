"""Whether a label that knows English may judge a text."""

from __future__ import annotations

import re
from functools import lru_cache

from streams.labels.words import CACHED, plain

_UNSAID = frozenset({"", "und", "mul", "zxx", "art", "qam", "qct", "qht", "qme", "qst"})
"""Subtags that name no language; X gives the last ones to texts without words."""
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_SHORT = 3  # words
_SHARE = 0.15
_ENGLISH = frozenset(
    """
    a about after again all also am an and any anyone are as at back be because been before being best but by
    can can't cannot check could day did didn't do does doesn't doing don't done down every everyone
    first fix fixed for from get gets getting give go going good got great guys had happy has have haven't
    having
    he hello help her here hey hi him his hope how i i'd i'll i'm i've if in into is isn't issue it it's its
    just
    know last let like look love made make many me more most much my need never new nice no not nothing now of
    off ok okay old on once one only or order other our out over phone please problem really received right
    said same see send sent service she should since so some someone something soon sorry sort still sure take
    team thank thanks that that's the their them then there these they they're this those though time to today
    told too try trying two until up update us use very wait waiting want was wasn't way we we're we've week
    well were
    what when where which while who why will with without won't work working works worst would wrong year
    yes yet
    using ticket app account flight train store customer update battery phone internet service charged
    cancelled
    delayed refund delivery delivered shipping payment money support between than through under every
    you you'd you'll you're you've your yours y'all
    """.split()
)
_OTHER = (
    frozenset(
        """
    aber als auch auf aus bei bitte da dann das dass dem den der des dich die dir durch ein eine einen er es
    euch
    für haben hallo hat ich ihr ihre ist ja kein keine mein mich mir mit nach nicht noch nur oder sehr sich
    sie sind
    und uns vom von wann warum wenn werden wie wir wird wo zu zum zur danke vielen gut guten
    al algo aquí bien bueno con cuando cómo de del donde el ella en eso esta este está están estoy gracias
    hasta
    hay hola la las le les lo los mas más me mi muy nada ni nos para pero por porque puedo que quiero qué se
    ser si sin sobre soy su sus también tengo tiene todo tu un una usted ustedes y ya yo
    au aux avec bonjour c'est ce cela ces cette ceux comme dans depuis des deux du elle est et être fait
    faire il
    ils j'ai je jamais leur ma mais merci mes moi mon même ne notre nous on ou où par pas plus pour pouvez
    pourquoi
    quand quel qui sa sans ses son sont sur svp ta toi tous tout très une vos votre vous était été
    ao as boa bom com como da das do dos ela ele em esse está eu foi isso mais mas meu minha muito na nas
    não no nos
    obrigada obrigado os ou para pelo por pra quando quem sem ser seu sim tem um uma você vocês
    alla anche ancora che chi ci ciao così dei del della di è e gli grazie ha ho hai il in io lo mio molto
    nel non
    nulla ogni perché però più quando quello questa questo sono suo una
    aan ben bij dank dat de deze die dit een en er geen goed haar heb heeft het hij hoe ik is jullie kan maar
    met mijn naar niet nog ook op te uit van voor waar waarom wat weer wel wij worden zijn zo
    att av den det detta där du ett för från har hej inte jag kan med men mig mycket när och om på som
    tack till var vi är af er fra hvad hvor ikke jeg mange med noget og også så til takk tak
    ale czy dla dziękuję i jak jest jestem mam na nie od po proszę się są to w z za że
    ada apa bisa dan dari dengan di ini itu juga kak kakak karena ke kami kasih kenapa mohon nya saya sudah
    terima
    tidak tolong untuk yang bu ve bir bu çok için değil nasıl ne var yok teşekkürler merhaba
    """.split()
    )
    - _ENGLISH
    - {"i", "me", "no", "on", "to", "as", "do", "die", "met", "once", "per", "son", "so", "men"}
)


def is_english(text: str, lang: str | None) -> bool:
    """Whether a text is English, or needs no language because it has no letters at all.

    Args:
        text: The text.
        lang: Its language as the platform says, BCP 47; it has the last word. Where it says nothing, the text
            is English if its letters are Latin and frequent English words are at least 15% of its words
            and more than those of other languages; of up to three words, if none is known to be foreign.
    """
    said = (lang or "").replace("_", "-").split("-")[0].lower()
    return looks_english(text) if said in _UNSAID else said == "en"


@lru_cache(maxsize=CACHED)
def looks_english(text: str) -> bool:
    """Whether a text looks like English, or has no letters."""
    words = _WORD.findall(plain(text))
    if not words:
        return True
    foreign_letters = sum(not word.isascii() for word in words)
    english = sum(word in _ENGLISH for word in words)
    other = sum(word in _OTHER for word in words)
    if len(words) <= _SHORT:
        return not foreign_letters and english >= other
    return english > other and foreign_letters <= english and english >= _SHARE * len(words)
