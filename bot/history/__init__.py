"""What the bot keeps of what it did on Discord: answers, votes, buttons, settings of servers."""
