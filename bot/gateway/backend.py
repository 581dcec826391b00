"""What the Discord face works with, made once and handed to all of it."""

import time
from dataclasses import dataclass, field

from bot.gateway.prose import Prose
from bot.gateway.tongues import Tongues
from bot.last_turns import LastTurns
from bot.memory import Memory
from bot.recollecting import Recollection
from bot.servers import Servers
from bot.service import Service
from bot.uploads import Uploads
from bot.vault import Vault


@dataclass(frozen=True, slots=True)
class Backend:
    """The parts behind the face.

    Attributes:
        service: documents, to be asked.
        memory: what was shown, and what buttons wait for.
        recollection: which questions were answered before.
        uploads: files that servers give.
        tongues: in which language somebody is spoken to.
        reads_messages: whether the message content intent is asked for.
        began: when the process began, by the monotonic clock.
        prose: puts answers into a language model's words, where one is set.
        retention_days: for how long questions are kept.
        grace: seconds that who asks before the index is ready waits without being told to.
        turns: what somebody may follow up.
        token_life: seconds for which an interaction is relied on; Discord allows 15 minutes.
    """

    service: Service
    memory: Memory
    recollection: Recollection
    uploads: Uploads
    tongues: Tongues
    reads_messages: bool
    began: float
    prose: Prose = field(default_factory=Prose)
    retention_days: int = 30
    grace: float = 12.0
    token_life: float = 14 * 60.0
    turns: LastTurns = field(default_factory=lambda: LastTurns(time.monotonic))

    @property
    def vault(self) -> Vault:
        """The history, which may fail."""
        return self.memory.vault

    @property
    def servers(self) -> Servers:
        """What admins chose."""
        return self.memory.servers
