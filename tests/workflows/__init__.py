"""The pipelines that `init --ci` writes, run as a runner runs them: real shells, real commands, the sandbox."""
