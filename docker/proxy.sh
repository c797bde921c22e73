#!/bin/sh
# HTTPS when there is a certificate in /certificates, otherwise plain HTTP for trying out.
set -eu
if [ -s /certificates/fullchain.pem ]; then kind=https; else kind=http; fi
echo "Borderpost's proxy speaks $kind."
exec nginx -e stderr -c "/etc/borderpost/$kind.conf" -g "daemon off;"
