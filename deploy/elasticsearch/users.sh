#!/usr/bin/env bash
# Roles and users of Fengsui in Elasticsearch. $POSTS_HOST and $POSTS_CA say where, $ELASTIC_PASSWORD_FILE who
# asks; $ROLES and $USERS are folders with NAME.json for each.
set -euo pipefail

put() {
  # The password goes in over stdin: arguments are seen by whoever lists processes.
  printf 'user = "elastic:%s"\n' "$(cat "$ELASTIC_PASSWORD_FILE")" |
    curl --silent --show-error --fail --retry 5 --retry-connrefused --config - --cacert "$POSTS_CA" \
      --request PUT --header 'Content-Type: application/json' --data "@$2" "$POSTS_HOST/_security/$1"
  echo " $1"
}

for name in fengsui_serve fengsui_migrate; do
  put "role/$name" "$ROLES/$name.json"
  put "user/$name" "$USERS/$name.json"
done
