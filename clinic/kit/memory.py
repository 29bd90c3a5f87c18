"""How the process looks after its memory."""

import gc


def settle() -> None:
    """What was loaded at the start is never searched for garbage again, and the rest less often.

    A page makes tens of thousands of short-lived objects: with Python's own thresholds every few pages one waits for a
    search through everything that the house has loaded, some 200 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
