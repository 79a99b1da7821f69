"""`zuoxi simulate`: a load of calls over everything, in a world of its own that is gone afterwards."""
