"""One module a site or format; each knows posts and the Fetcher protocol, and no HTTP library."""
