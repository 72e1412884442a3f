"""Elections as ``.pb`` files of Pabulib (pabulib.org/format): ``reading``, ``writing``, ``checking``; ``model`` is what they share."""
