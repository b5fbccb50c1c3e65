"""Properties of homes that hold logs of both dialects, forks, reverts and packed logs among them."""
