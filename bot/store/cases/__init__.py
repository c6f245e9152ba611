"""SQL of complaints: cases, their files and timelines, tasks, notices, and the queue to the backend."""
