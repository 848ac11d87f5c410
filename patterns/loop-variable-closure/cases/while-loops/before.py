while queue:
    job, *rest = queue.pop()
    with job.open() as file:
        submit(lambda: (job, rest, file, queue))
