#!/usr/bin/env bash
# Makes what deploy/compose.yaml keeps secret, once: passwords, the key of Fengsui's keys, and certificates for
# Elasticsearch of an authority of their own. Usage: deploy/secrets.sh [FOLDER], by default deploy/secrets.
set -euo pipefail
folder=${1:-$(dirname "$0")/secrets}
if [ -e "$folder" ]; then
  echo "$folder is there already: secrets are made once. To begin anew, remove it and the volumes." >&2
  exit 2
fi
# Nobody else enters the folder; inside, containers read under users of their own.
mkdir -p -m 700 "$folder"
mkdir "$folder/certs"
cd "$folder"

random() { openssl rand -hex 24; }
postgres=$(random) serve=$(random) migrate=$(random)
openssl rand -base64 48 > secret_key
random > elastic_password
echo "$postgres" > postgres_password
echo "postgresql://fengsui:$postgres@postgres/fengsui" > database_url
echo "https://fengsui_serve:$serve@elasticsearch:9200" > posts_url
echo "https://fengsui_migrate:$migrate@elasticsearch:9200" > posts_migrate_url
echo "{\"password\": \"$serve\", \"roles\": [\"fengsui_serve\"]}" > fengsui_serve.json
echo "{\"password\": \"$migrate\", \"roles\": [\"fengsui_migrate\"]}" > fengsui_migrate.json

authority=$(mktemp -d)
trap 'rm -rf "$authority"' EXIT
# The authority's key is thrown away: nothing but this node is ever signed with it.
openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj "/CN=Fengsui Elasticsearch" \
  -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign" \
  -keyout "$authority/ca.key" -out certs/ca.crt 2>/dev/null
openssl req -newkey rsa:3072 -nodes -subj "/CN=elasticsearch" -keyout certs/node.key -out "$authority/node.csr" 2>/dev/null
printf '%s\n' "subjectAltName=DNS:elasticsearch,DNS:localhost,IP:127.0.0.1" "basicConstraints=CA:FALSE" \
  "keyUsage=critical,digitalSignature,keyEncipherment" "extendedKeyUsage=serverAuth,clientAuth" > "$authority/node.ext"
openssl x509 -req -days 3650 -in "$authority/node.csr" -CA certs/ca.crt -CAkey "$authority/ca.key" -CAcreateserial \
  -extfile "$authority/node.ext" -out certs/node.crt 2>/dev/null
rm -f certs/ca.srl
chmod 755 certs
find . -type f -exec chmod 444 {} +
echo "made in $folder. Keep a copy of secret_key apart from every backup: without it no author can be read again." >&2
