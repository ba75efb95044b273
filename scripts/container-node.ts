/** How the container starts Node: the release, its flags and its surroundings. The Dockerfile says the same, which a test sees to. */
export const CONTAINER_NODE = 26;
export const NODE_FLAGS: readonly string[] = ['--max-semi-space-size=4', '--no-parallel-scavenge'];
export const NODE_ENVIRONMENT: Readonly<Record<string, string>> = { UV_THREADPOOL_SIZE: '2', MIMALLOC_PURGE_DELAY: '1' };
