"""How people chat: the words and turns of phrase that tell a question from small talk.

Patterns match from the start of a sentence's words, folded to lower case, with one space between,
unless said otherwise. English in full; of other languages what a question begins with.
"""

import re


def words(text: str) -> frozenset[str]:
    """The words of a list, written with spaces between."""
    return frozenset(text.split())


OPENERS = words(
    "hi hey hello hiya yo all everyone everybody folks team guys there so and but also um umm uh er"
    " well okay ok sorry please pls plz quick question q btw wait hmm hm good morning evening"
    " afternoon excuse me just curious wondering silly dumb stupid noob newbie anyway oh ah now"
    " hallo moin servus guten tag und also bonjour bonsoir salut et alors hola buenas buenos días y"
    " ciao e olá oi entschuldigung sag mal привет а"
)
YOU = words(
    "you u ya y'all yall your ur yours you're youre you've you'll you'd yourself he she him his her"
    " he's she's he'll she'll du dir dich dein deine deinen euch ihr tu te toi ton ta tes vous vos"
    " votre tú ti eres tienes haces vas quieres crees estás stai fai hai você vocês jij jullie ты"
    " тебя тебе вы вас"
)
NOISE = words(
    "lol lmao lmfao rofl haha hahaha hehe xd jk wtf omg tf fuck fucking shit damn hell heck bro"
    " bruh dude even literally gonna wanna gotta favourite favorite fav faves prefer opinion"
    " opinions thoughts better fr ngl tbh imo smh rly seriously"
)
# Words that say nothing a document could answer.
LIGHT = words(
    "a an the this that these those there here it its it's they them their i i'm me my we us our is"
    " are was were be been being am do does did doing done can could will would should shall must"
    " may might has have had having how when where who whom whose what which why what's who's"
    " where's when's how's whats whos wheres whens hows what're of in on at to for from by with"
    " about as into than then if or and but not no yes one ones any some someone somebody anyone"
    " anybody everyone everybody nobody all each every say said says saying mean means meant think"
    " thought guess know knows knew need want wants go goes going gone went get gets got getting"
    " happen happens happened happening look looks like see seen saw come comes came coming make"
    " let feel feels thing things stuff guy guys time day now today tonight tomorrow yesterday"
    " later again still just really actually very too so much many often long far big old new more"
    " less up down off out over left right back wrong ok okay please pls plz thanks only ever never"
    " always else yet already good bad nice great cool fun funny crazy weird real true legit"
    " serious fine insane sure problem reason chance point don't doesn't isn't aren't wasn't won't"
    " can't didn't lot bit way morning evening night weekend week joke"
    " you u ask question questions something mods mod online play plays playing"
    " played end ends start starts stop work works matter thinking possibly love life lunch dinner"
    " game games match movie win wins won last possible chances"
    " der die das den dem des ein eine einen ist sind war hat haben es sie er wir man denn los"
    " eigentlich noch jetzt heute morgen hier machen passiert jemand le la les un une est sont"
    " c'est ça il elle on nous ce cette fait passe quoi el los las una es son está están esto eso"
    " hay pasa lo gli è o os as é isso isto va это там тут"
    " spielt spielen zockt jouer joue juega jugar gioca giocare играет играть"
    " veut quiere vuole хочет soir hoy noche stasera сегодня"
)
_BE = r"(?:is|are|was|were)"
_AUX = rf"(?:{_BE}|do|does|did|can|could|will|would|should|shall|must|may|might|has|have|had)"
_WH = r"(?:how|when|where|whom?|whose|what|which|why|if|whether)"
_FILLED = r"(?: here| else| please| kindly| happen to| possibly)*"
_ANYONE = rf"(?:(?:any|some)(?:one|body)|any of you|one of you){_FILLED}"
_SOMEONE = rf"(?:{_ANYONE}|(?:you guys|you|u){_FILLED})"
FRAME = re.compile(
    rf"(?:(?:(?:does|do|did|would) {_SOMEONE}|{_ANYONE}) "
    r"(?:knows?|remembers?|recall|ha(?:ve|s) any idea)"
    rf"|(?:(?:can|could|would|will) {_SOMEONE} )?(?:please )?"
    r"(?:tell (?:me|us)|explain(?: to (?:me|us))?|clarify|remind (?:me|us)"
    r"|point (?:me|us) to)"
    r"|(?:i|i'm|im|i am|i was|was) (?:just )?(?:wonder|wondering|curious)"
    r"|(?:(?:i|we) (?:would|want|need|like|love)|i'd|we'd)(?: like| love)? to know"
    r"|(?:(?:has|have) )?(?:anyone (?:have|got) )?any (?:ideas?|clue|info|information))"
    r"(?: on| about| of| as to)? "
)
EXPLAINED = re.compile(r"explain|clarify|point|info")
"""Anywhere in a frame: it may go on with a thing in place of a question."""

ASKED_FOR = re.compile(rf"(?:(?:in|at|on|by|for|to|since|from) )?{_WH}\b")
PREPOSITION = re.compile(
    r"(?:in|at|on|by|for|to|since|from|until|with|of) (?=(?:what|which|when|whom|how)\b)"
)
# "What I mean is", "what a day it was": no questions.
_NO_RELATIVE = r"(?!(?:an?|the|i|we|they|it|this|that|people)\b)"
INVERTED = re.compile(
    rf"how come (?:the|our) |(?:when|where|who|whom|why) {_AUX}\b"
    r"|(?:what|who|where|when|how)(?:'s|s|'re)\b"
    rf"|(?:how|what|which|whose) {_NO_RELATIVE}(?:[\w'-]+ ){{0,4}}?{_AUX}\b"
    r"|(?:what|which|why) (?:[\w'-]+ )?(?:is|are|was|do|does|did|ca|wo|has|have)n't (?!we\b|i\b)"
)
OF_SUBJECT = re.compile(
    rf"(?:(?:who|what|which) {_NO_RELATIVE}(?!is\b|was\b|means\b)|how (?:many|much) )[\w'-]+ "
)
WHO_DOES = re.compile(r"who [\w-]+ (?:the|this|our) ")
HOW_TO = re.compile(r"(?:how|is there (?:a|any) way) to [\w-]+ [\w-]+")
HOW_IS = re.compile(rf"how(?: {_BE}|'s|s)\b")
YES_OR_NO = re.compile(
    rf"{_AUX} (?!(?:any|some|every)(?:one|body|thing)\b|no ?(?:one|body)\b"
    r"|we (?!need |have |get )|not\b|it just\b)"
)
ADVICE = re.compile(r"(?:should|shall|would|could|will|must|may|might|am|did|was|have) i\b")
GENERIC_YOU = re.compile(
    r"(?:how (?:do|can|does)|where can|what age can|how old (?:must|do)) (?:you|u|one) "
    r"(?!guys\b|feel\b|like\b)"
)
SMALL_TALK = re.compile(
    r"(?:what|how) (?:if|about)\b|how (?:come$|dare|so|hard can)\b"
    r"|who (?:cares|knows|asked|else|wants?|needs|let|did this|(?:would|could|can) have)\b"
    r"|who(?:'?s| is| are) (?:up|in|down|here|online|playing|coming|joining|ready|awake|there|with"
    r"|got|next|free|around|excited|watching|hungry|bored|going|that|this)\b"
    r"|what(?:'?s| is) (?:up|good|wrong|new|going|happening|with|poppin|cooking|for)\b"
    r"|what(?:'?s| is) the (?:matter|deal|point|plan|problem|vibe|move|catch|worst|score)\b"
    r"|what (?:time|day|year) is it\b|what (?:did|have) (?:i|we) miss|what are (?:we|the odds)\b"
    rf"|how(?:'?s| {_BE}) (?:life|things|every\w+|work|school|that|this|it)\b"
    r"|why (?:so|not|me|bother|though|tho|am|are we|do i|always|even|would any\w+|is it always)\b"
    r"|why (?:[\w'-]+ ){1,6}so\b|why (?:is|are|does|do|did) my\b"
    r"|(?:where|when)(?:'?s| is| are) (?:it )?my\b"
    r"|why (?:does|is|do|are) (?:this|it|every\w+|no\w+) (?:always|keep|never|so|hate)\b"
    rf"|where(?:'?s| {_BE}| did) (?:every\w+|all|the (?:lie|fun|love))\b"
    r"|(?:is|was) (?:it|this|that) (?:just|only) |(?:does|is) (?:this|it|that) count\b"
)
POINTING = re.compile(
    r"(?:is|was|are|were|what's|who's) (?:that|this|it|these|those)$"
    r"|^what(?:'?s| is| was) (?:that|this) [\w-]+$"
)
"""Where it ends: only who sees what the asker sees can tell."""

TAG = re.compile(
    rf", ?(?:{_AUX}(?:n't|nt)?|ca|wo|ain't|can't|won't) ?(?:it|you|they|he|she|we|i|there)?[ ?？]*$"
    r"|,? (?:right|innit|huh|eh|no|yeah|ok|okay|correct|oder|gell|non|verdad|hein)[ ?？]*$"
)
ELSEWHERE = re.compile(
    r"(?:(?:seit|bis|ab|um|in|an|à|de|du|pour|en|a|desde|para|con|van|в|с|из) )?(?:"
    r"wann|wer|wen|wem|wessen|wie|wo|wohin|woher|warum|wieso|weshalb|welche[rsnm]?|wof[uü]r|womit"
    r"|was (?!(?:the|it|that|this|there|they|i|a|an)\b)|gibt es|kann man|wei(?:ß|ss) jemand"
    r"|quand|qui|quel(?:le)?s?|où|comment|pourquoi|combien|qu'est-ce|est-ce|y a-t-il"
    r"|cu[aá]ndo|qui[eé]n(?:es)?|qué|que|d[oó]nde|c[oó]mo|cu[aá]nt[oa]s?|cu[aá]l(?:es)?|por qu[eé]"
    r"|quando|chi|che|cosa|dove|perché|quant[oaie]|qual[ei]?|quem|onde|come (?:si|posso|funziona)"
    r"|wanneer|wat|waar|hoe|waarom|welke|hoeveel|когда|кто|что|где|как|почему|сколько|как(?:ой|ая|ие)"
    r")\b"
)
ELSEWHERE_TALK = re.compile(
    r"(?:wie gehts?|was geht|was ist los|was soll|wer weiß|warum nicht|wieso nicht|wie bitte)\b"
    r"|(?:wie geht(?:'s| es)|comment ça|quoi de neuf|pourquoi pas|qui sait|qu[eé] tal)\b"
    r"|(?:qu[eé] pasa|por qu[eé] no|qui[eé]n sabe|c[oó]mo va|come va|perché no|как дела)\b"
    r"|(?:hoe gaat|que se passe)\b"
)
CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
CJK_ASKS = re.compile(
    r"什么|什麼|谁|誰|哪|怎么|怎麼|怎样|如何|几|幾|多少|多久|何时|何時|为何|吗|嗎"
    r"|いつ|だれ|どこ|なぜ|どう|どの|いくら|何|ですか|ますか"
    r"|언제|누가|누구|어디|무엇|왜|어떻게|얼마|몇"
)
CJK_TALK = re.compile(
    r"[你您咱妳]|あなた|お元気|大家|在吗|干嘛|游戏|何して|怎么了|怎么回事|怎么办|怎么样|真的|당신|너"
)
CJK_LEAST = 5  # characters; 为什么不？ and 真的吗？ are shorter

PICTURE = re.compile(
    r"<a?:\w+:\d+>|:[a-z]\w{1,30}:"
    r"|[\u2190-\u2bff\u3030\u303d\ufe0e\ufe0f\u200d\u20e3\U0001f000-\U0001faff\U000e0020-\U000e007f]"
    r"|[:;=8x]['-]?[)(dp3o](?!\w)|<3|\^\^|\+1(?!\w)"
)
LENGTHENED = re.compile(r"(\w)\1{2,}")
COURTESY = re.compile(
    r"(?:(?:(?:ok(?:ay|ie|i)?|kk?|oh|ah|wow|and|hey|no|all|many|so|well|yes|yep|yeah|yup|sure|a"
    r"|th?anks?|thx|tha?nx|ty|tysm|tyvm|cheers|ta|thank (?:you|u|ya)|appreciated?|much appreciated"
    r"|i appreciate (?:it|that|the help)|great|good|nice|neat|sweet|cool|awesome|perfect|amazing"
    r"|excellent|brilliant|lovely|wonderful|fantastic|super|sick|dope|lo{1,9}l|lmao|rofl|lmfao|xd"
    r"|(?:ha|he|ja){2,}h?|a?haha\w{0,9}|np|yw|gg|welcome|you'?re welcome|my pleasure|pleasure"
    r"|got it|gotcha|understood|noted|makes sense|that makes sense|will do|sounds good|fair enough"
    r"|good to know|no problem|no worries|alright|right|indeed|interesting|agreed|same|this|true"
    r"|(?:nice|good) (?:one|job|work|bot|answer)|well done|(?:that )?helps|that helped"
    r"|that(?:'s| is)"
    r"|(?:very|so|really|super) (?:much|helpful|good|nice|cool|kind)|helpful|very|a lot|a bunch"
    r"|a ton|a million|again|everyone|everybody|guys|man|mate|bro|buddy|dude|bot|friend|folks"
    r"|for (?:the|your|ur|all the|all your) (?:help|answer|info|reply|response|link|quick reply)"
    r"|for (?:that|this|it|helping|answering)|in advance"
    r"|danke(?: schön| sehr| dir| euch)?|vielen dank|super|toll|alles klar|prima|genau"
    r"|merci(?: beaucoup| bien)?|parfait|génial|d'accord|gracias|muchas gracias|vale|genial"
    r"|perfecto|grazie(?: mille)?|perfetto|obrigad[oa]|muito obrigad[oa]|valeu|dank je(?: wel)?"
    r"|bedankt|спасибо|большое спасибо|спс|ок|tack|dziękuję|teşekkürler"
    r"|谢谢(?:你|您|大家)?|多谢|感谢|谢了|好的?|ありがとう(?:ございます)?|감사합니다|고마워요?)) )+"
)
COURTESY_WORDS = 12
# What has no meaning of its own there: "so", "all", "this" alone are no thanks.
NO_COURTESY = words(
    "a all and hey no so very this that that's many well man bot again everyone everybody guys"
    " folks friend"
)
