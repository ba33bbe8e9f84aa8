"""Times ecq and its peers on the same rows, interleaved, in one run."""
