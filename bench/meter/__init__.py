"""How CPU time of requests is measured: servers, client, clocks, rounds."""
