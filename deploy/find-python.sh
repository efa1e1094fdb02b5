# Sourced by portal and test: sets PYTHON to a Python that can run us, or says what to do.
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
PYTHON=
for name in ${SATUDATA_PYTHON:-"$root/.venv/bin/python" python3 python3.13 python3.12 python3.11 python3.10}; do
    if "$name" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1; then
        PYTHON=$name
        break
    fi
done
if [ -z "$PYTHON" ]; then
    found=$("${SATUDATA_PYTHON:-python3}" --version 2>/dev/null | head -n 1)
    echo "Failed: Python" >&2
    echo "  Why:  Python 3.10 to 3.13 is needed, found ${found:-none}." >&2
    echo "  Do:   apt-get install python3 python3-venv, or name one: SATUDATA_PYTHON=/path/to/python3" >&2
    exit 1
fi
SATUDATA_ROOT=$root
PYTHONPATH=$root/ckanext-satudata
PYTHONDONTWRITEBYTECODE=1
export SATUDATA_ROOT PYTHONPATH PYTHONDONTWRITEBYTECODE
