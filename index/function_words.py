"""Words that carry no content, of the languages whose questions are told by them.

They are folded as ``terms.words`` folds, to lower case and without accents, so that they are found
however they are typed. English has its own in ``terms``; a language that is not here has none.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

_GERMAN: Final = """
    der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner
    ich du er sie es wir ihr mich dich sich uns euch ihm ihn ihnen mir dir mein dein sein seine
    seinen seinem seiner unser ihre ihren ihrem ihrer dieser diese dieses diesem diesen jener jene
    und oder aber denn weil dass ob wenn als wie sowie sondern auch noch nur schon sehr so nicht
    in im an am auf aus bei beim bis durch fur gegen mit nach ohne seit um unter uber von vom vor
    zu zum zur zwischen wahrend wegen ist sind war waren bin bist sei wird werden wurde wurden
    worden hat haben hatte hatten kann konnen konnte konnten muss mussen musste soll sollen sollte
    will wollen darf durfen mag machen macht gibt man es da dort hier dann nun mehr
    wer was wann wo wohin woher warum wieso weshalb wozu welche welcher welches welchen welchem
    wen wem wessen wieviel viel viele bitte danke hallo
"""
_FRENCH: Final = """
    le la les un une des du de au aux ce cet cette ces mon ton son ma ta sa mes tes ses notre votre
    leur nos vos leurs je tu il elle on nous vous ils elles me te se lui eux y en
    et ou mais donc car ni que qui quoi dont si comme ne pas plus point tres aussi encore
    a dans par pour sur sous avec sans entre vers chez depuis pendant avant apres jusque
    est sont etait etaient ete etre es suis sommes etes fut furent sera seront ai as avons avez ont
    avait avaient eu avoir peut peuvent doit doivent fait font faire
    quand quel quelle quels quelles comment pourquoi combien est-ce cela ca c'est qu'est merci
    bonjour
"""
_SPANISH: Final = """
    el la los las un una unos unas lo al del de este esta estos estas ese esa esos esas aquel
    aquella mi tu su mis tus sus nuestro nuestra yo ella ellos ellas nosotros usted ustedes me te
    se le les nos y e o u pero sino porque que si como no ni muy mas tambien ya
    a en por para con sin sobre entre hasta desde hacia segun durante ante bajo tras
    es son era eran fue fueron ser sido esta estan estaba estaban estar ha han habia haber hay
    puede pueden debe deben tiene tienen hace hacen hacer
    quien quienes cuando donde cual cuales cuanto cuanta cuantos cuantas hola gracias
"""
_ITALIAN: Final = """
    il lo la i gli le un uno una del dello della dei degli delle al allo alla ai agli alle dal
    dallo dalla dai dagli dalle nel nello nella nei negli nelle sul sullo sulla sui sugli sulle
    di a da in con su per tra fra e ed o ma se che chi cui non piu anche come ne si ci vi mi ti
    io tu lui lei noi voi loro mio tuo suo sua suoi sue nostro questo questa questi queste quello
    quella quelli quelle e' sono era erano fu furono essere stato stata stati ha hanno aveva
    avevano avere puo possono deve devono fa fanno
    quando dove perche quanto quanta quanti quante quale quali cosa ciao grazie
"""
_PORTUGUESE: Final = """
    o a os as um uma uns umas do da dos das no na nos nas ao aos pelo pela pelos pelas num numa
    de em por para com sem sobre entre ate desde e ou mas porque que se como nao nem mais muito
    tambem ja eu tu ele ela nos vos eles elas voce voces me te se lhe lhes meu minha teu seu sua
    seus suas nosso este esta estes estas esse essa esses essas aquele aquela isto isso
    foi foram era eram ser sido sao e' esta estao estava estar tem tinha ha havia ter pode podem
    deve devem faz fazem quem quando onde qual quais quanto quanta quantos quantas ola obrigado
"""
_DUTCH: Final = """
    de het een der den des dit dat deze die ik jij je hij zij ze wij we u hem haar hen hun ons mijn
    zijn jouw onze en of maar want omdat als dan toen dus ook nog niet geen wel al zeer meer
    in op aan van voor met door naar bij uit om over onder tegen tussen tot te ter na sinds zonder
    is was waren ben bent worden wordt werd werden heeft hebben had hadden kan kunnen kon moet
    moeten zal zullen mag mogen doet er hier daar
    wie wat wanneer waar waarom hoe welke welk hoeveel hallo bedankt
"""
_CHINESE: Final = """
    什么 什麼 么时 麼時 时候 時候 怎么 怎麼 为什 為什 哪里 哪裡 哪儿 哪个 哪個 哪些
    多少 有多 多久 是谁 是誰 是什 的是
    有什 在哪 何时 何時 请问 請問
"""
_LISTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "de": _GERMAN,
        "fr": _FRENCH,
        "es": _SPANISH,
        "it": _ITALIAN,
        "pt": _PORTUGUESE,
        "nl": _DUTCH,
        "zh": _CHINESE,
    }
)


@lru_cache(maxsize=len(_LISTS) + 1)
def function_words(language: str) -> frozenset[str]:
    """The function words of a language other than English; none where they are not known."""
    return frozenset(_LISTS.get(language, "").split())
