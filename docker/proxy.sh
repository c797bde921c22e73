#!/bin/sh
# HTTPS when there is a certificate in /certificates, otherwise plain HTTP for trying out and for the first certificate.
set -eu
if [ -s /certificates/fullchain.pem ]; then kind=https; else kind=http; fi
case "${HTTPS_PORT:-443}" in
    *[!0-9]*) echo "HTTPS_PORT is '$HTTPS_PORT'. Set it to a number, such as 443." >&2; exit 1 ;;
    443) port="" ;;
    *) port=":$HTTPS_PORT" ;;
esac
# What redirects to HTTPS add to the name of the site.
printf 'map "" $https_port { default "%s"; }\n' "$port" > /tmp/https_port.conf
echo "Borderpost's proxy speaks $kind."
exec nginx -e stderr -c "/etc/borderpost/$kind.conf" -g "daemon off;"
