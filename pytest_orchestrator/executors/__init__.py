"""Where cases run: local processes, or a Dask cluster, behind `concurrent.futures.Executor`."""
