#!/usr/bin/env bash
# Compiles a precompiled header and writes beside it a checksum of what went in,
# HEADER.gch.sum, by which ccache knows it again (CCACHE_PCH_EXTSUM): GCC writes
# other bytes each time, so by the header itself it never would.
#
#   precompile_header.sh FOLDER COMPILER ARGUMENT...
#
# FOLDER, the folder of the project, counts for nothing in the checksum.
set -euo pipefail
folder=$1
shift
"$@"

# The same command, told to preprocess only.
preprocess=()
output=
while [ "$#" -gt 0 ]; do
  case $1 in
    -o) output=$2; shift ;;
    -MF | -MT) shift ;;
    -MD | -emit-pch) ;;
    -Xclang) [ "$2" = -emit-pch ] || preprocess+=("$1") ;;
    *) preprocess+=("$1") ;;
  esac
  shift
done

case $output in
  *.gch | *.pch)
    {
      "${preprocess[0]}" --version
      printf '%s\n' "${preprocess[@]}"
      "${preprocess[@]}" -E -P
    } | sed "s|$folder|.|g" | sha256sum | cut -d ' ' -f 1 > "$output.sum"
    ;;
esac
