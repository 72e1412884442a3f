"""Acts by two people: what one person asks for with a protocol, another one confirms, and the log of ballots shows for ever."""
