#!/usr/bin/env bash
# bundle_test.sh BUILD: the bundle is whole, and runs in a root folder that holds it, the C library and nothing else.
set -euo pipefail
build="$1" source="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

"$source/cmake/make_bundle.sh" "$build" "$root/bundle"
(cd "$root/bundle" && sha256sum --quiet --check SHA256SUMS)
cat "$root/bundle/README"

# Every library comes from the bundle or belongs to the C library.
cd /
outside=$(env -i /usr/bin/ldd "$root"/bundle/bin/* | awk '$2 == "=>" { print $3 }' | grep -v "^$root/bundle/" |
  grep -vE '/(libc|libm|libdl|libpthread|librt|libresolv)\.so' || true)
[ -z "$outside" ] || { echo "not from the bundle: $outside" >&2; exit 1; }

mkdir -p "$root"/{bin,proc,tmp,lib64,lib/x86_64-linux-gnu}
cp -L /lib64/ld-linux-x86-64.so.2 "$root/lib64/"
for name in libc libm libdl libpthread librt libresolv; do
  cp -L /lib/x86_64-linux-gnu/$name.so.* "$root/lib/x86_64-linux-gnu/"
done
cp /bin/sh "$(command -v readlink)" "$(command -v dirname)" "$root/bin/"
cat >"$root/try" <<'EOF'
set -e
/bundle/ballast run /bundle/cases/smib -o /tmp/smib --quiet
/bundle/ballast sweep /bundle/cases/new-england-campuses/every-bus.toml --backend cpu -o /tmp/sweep 2>/tmp/warnings
/bundle/ballast sweep /bundle/cases/new-england-campuses/every-bus.toml --export /tmp/problem.bin 2>/tmp/warnings
/bundle/bin/ballast-batch /tmp/problem.bin --only 0-3
EOF
in_root="mount -t proc proc '$root/proc' && exec chroot '$root' /bin/sh /try"
if [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin unshare --mount --fork /bin/sh -c "$in_root"
elif unshare --map-root-user --mount --pid --fork true 2>/dev/null; then
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin unshare --map-root-user --mount --pid --fork /bin/sh -c "$in_root"
else
  echo "no right to change the root folder: the bundle is run where the system's libraries are"
  sed "s#/bundle/#$root/bundle/#g; s#/tmp/#$root/tmp/#g" "$root/try" >"$root/try-here"
  env -i PATH=/bin:/usr/bin /bin/sh "$root/try-here"
fi
grep -q completed "$root/tmp/sweep/results.csv"
