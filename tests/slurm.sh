#!/usr/bin/env bash
# A table on a real Slurm: two nodes on this machine fill it as `istar slurm` says, and it must be the local table byte for byte.
# Needs root and Debian's packages slurm-wlm and munge; everything it starts listens on this machine, lives in a temporary
# directory and ends with the script. Without the packages it says so and passes.
#
#   tests/slurm.sh                         # builds the program first
#   ISTAR=/path/to/istar tests/slurm.sh    # one that is there
set -euo pipefail
cd "$(dirname "$0")/.."
for program in munged slurmctld slurmd sbatch; do
    command -v "$program" >/dev/null || { echo "skipped: no $program (apt-get install slurm-wlm munge)"; exit 0; }
done
[ "$(id -u)" = 0 ] || { echo "skipped: two nodes on one machine need root"; exit 0; }
if [ -z "${ISTAR:-}" ]; then
    cargo build --quiet --release -p istar --features cli --bin istar
    ISTAR=${CARGO_TARGET_DIR:-$PWD/target}/release/istar
fi

work=$(mktemp -d)
started=()
finish() {
    code=$?
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || true; done
    [ "$code" = 0 ] || tail -n 20 "$work"/*.log "$work"/slurm-*.out 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

# Who may talk to whom.
(umask 077 && head -c 1024 /dev/urandom >"$work/munge.key")
chmod 755 "$work"
munged --foreground --force --key-file="$work/munge.key" --socket="$work/munge.socket" --pid-file="$work/munge.pid" \
    --log-file="$work/munge.log" --seed-file="$work/munge.seed" 2>"$work/munged.out.log" &
started+=($!)

host=$(hostname -s)
base=${PORT:-18600}
export SLURM_CONF=$work/slurm.conf
cat >"$SLURM_CONF" <<CONF
ClusterName=istar
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$base
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$work/munge.socket
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool-%n
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd-%n.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/backfill
MpiDefault=none
ReturnToService=2
SlurmdParameters=config_overrides
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((base + 1)) CPUs=1 RealMemory=4000
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((base + 2)) CPUs=1 RealMemory=4000
PartitionName=main Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
CONF
printf 'CgroupPlugin=autodetect\nIgnoreSystemd=yes\n' >"$work/cgroup.conf"
mkdir "$work/state"
slurmctld -D -c >"$work/slurmctld.out.log" 2>&1 &
started+=($!)
for node in n1 n2; do
    slurmd -D -N "$node" >"$work/slurmd-$node.out.log" 2>&1 &
    started+=($!)
done
for _ in $(seq 60); do
    [ "$(sinfo -h -N -t idle -o %N 2>/dev/null | sort -u | tr '\n' ' ')" = "n1 n2 " ] && break
    sleep 1
done
sinfo -N

table=(--preset smoke --recipes grpo,istar-paper-grpo --seeds 2 --iterations 2)
"$ISTAR" ablate "${table[@]}" --quiet --out "$work/here" >/dev/null
cd "$work"
"$ISTAR" slurm --limit 2 --mem 500M --file job.sh -- "${table[@]}" --out "$work/there"
bash job.sh
for _ in $(seq 300); do
    [ -z "$(squeue -h)" ] && break
    sleep 1
done
[ -z "$(squeue -h)" ] || { squeue; echo "the jobs do not end"; exit 1; }

for file in table.csv cells.csv table.md table.tex curves.svg; do
    cmp "$work/here/$file" "$work/there/$file"
done
nodes=$(scontrol show jobs 2>/dev/null | grep -oE ' BatchHost=n[12]' | sort | uniq -c | tr -s ' \n' ' ')
echo "the table of two nodes is the local one; tasks by node:$nodes"
