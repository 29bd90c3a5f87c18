"""The demo clinic: made once, reproducibly, through the same verbs that staff use. Nobody in it is real."""
