#!/bin/sh
# Run by fauxlm exec, which sets LM_LICENSE_FILE: see ../README.md.
set -eu

# Who holds what is in lmstat while the command behind -- runs.
fauxlm checkout mesh --user ann --host ws1 -- lmutil lmstat -f mesh | grep -q ' ann ws1 '
echo "ok - ann is in lmstat"

# One seat, two users: exit status 6 is a denial.
status=0
fauxlm checkout mesh --user ann --host ws1 -- \
  fauxlm checkout mesh --user ben --host ws2 -- true 2>/dev/null || status=$?
test "$status" = 6
echo "ok - ben is denied while ann has the seat"
