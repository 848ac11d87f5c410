"""Executors behind `concurrent.futures.Executor`, beside the standard library's own: a Dask cluster."""
