#!/usr/bin/env bash
# make_bundle.sh BUILD FOLDER: the program with every library that it needs but the C library, cases and docs, in
# FOLDER and FOLDER.tar.gz. `./ballast bundle` calls it; docs/clusters.md says what it is for.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
build="$1" folder="$2"

if [ -e "$folder" ] && [ ! -f "$folder/SHA256SUMS" ]; then
  echo "ballast bundle: $folder exists and is no bundle; move it away" >&2
  exit 2
fi
rm -rf "$folder" "$folder.tar.gz"
cmake --install "$build" --component bundle --prefix "$folder" >/dev/null

# What belongs to the C library, the loader, the kernel or a driver is the node's own.
ours() { grep -vE '^(linux-vdso|ld-linux|libc|libm|libdl|libpthread|librt|libresolv|libutil|libcuda|libmpi)[.-]'; }
ldd "$folder"/bin/* | awk '$2 == "=>" && $3 ~ "^/" { print $1, $3 }' | sort -u | ours |
  while read -r name path; do
    [ -e "$folder/lib/$name" ] || cp -L "$path" "$folder/lib/$name"
    # Whose library it is, and on what terms.
    package=$(dpkg-query -S "$(realpath "$path")" 2>/dev/null | head -1 | cut -d: -f1) || true
    terms="/usr/share/doc/${package:-none}/copyright"
    if [ -f "$terms" ]; then
      mkdir -p "$folder/licences"
      cp -Ln "$terms" "$folder/licences/$package"
    fi
  done
cp "$root/LICENSE" "$folder/LICENSE"
(cd "$root" && git ls-files cases docs 2>/dev/null | grep -v '^cases/reader/' || find cases docs -type f ! -path 'cases/reader/*') |
  while read -r file; do
    install -D -m 644 "$root/$file" "$folder/$file"
  done

cat >"$folder/ballast" <<'EOF'
#!/bin/sh
# The program of this folder, wherever the folder lies.
exec "$(dirname "$(readlink -f "$0")")/bin/ballast" "$@"
EOF
chmod 755 "$folder/ballast"

glibc=$(objdump -T "$folder"/bin/* "$folder"/lib/* 2>/dev/null | grep -oE 'GLIBC_2\.[0-9]+' | sort -Vu | tail -1)
cat >"$folder/README" <<EOF
$("$folder/bin/ballast" --version), for nodes without its packages

  ./ballast run cases/smib -o smib
  ./ballast sweep cases/new-england-campuses/every-bus.toml --backend cpu --threads 8 -o every-bus
  bin/ballast-batch problem.bin --threads 8

It needs a Linux with ${glibc/_/ } or newer, on $(uname -m)$([ "$(uname -m)" = x86_64 ] && echo " with AVX2 and FMA (x86-64-v3)"), and nothing else; for sweeps over
several nodes also Open MPI 4 (libmpi.so.40) and its mpirun; for --backend cuda an NVIDIA driver. The other
libraries are in lib/, their terms in licences/.

  sha256sum --check SHA256SUMS      is everything as it was made?

docs/clusters.md tells of MPI, Slurm and GPUs.
EOF
(cd "$folder" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum >SHA256SUMS)
tar -C "$(dirname "$folder")" --sort=name --owner=0 --group=0 -czf "$folder.tar.gz" "$(basename "$folder")"
echo "$folder ($(du -sh "$folder" | cut -f1)) and $folder.tar.gz ($(du -h "$folder.tar.gz" | cut -f1))"
