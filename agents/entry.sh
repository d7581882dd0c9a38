#!/bin/sh
# How an agent's container begins: as root, only to become the runner's user, who may do three things
# more than others: become the agent's user (setuid, setgid) and give it files (chown). Nobody who
# comes after gets more, and git and the agent get none of it (dev.outpost.runner.agent.AgentUser).
# Not as root it runs the command as it is, and so does the agent then: as the same user.
set -eu

if [ "$(id -u)" != 0 ]; then
  exec "$@"
fi
rights=-all,+setuid,+setgid,+chown
OUTPOST_AGENT_USER=${OUTPOST_AGENT_USER:-10002:10002} exec setpriv \
  --reuid=10001 --regid=10001 --clear-groups \
  --inh-caps="$rights" --ambient-caps="$rights" --bounding-set="$rights" \
  -- "$@"
