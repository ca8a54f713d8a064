//! Each planted mistake is told apart from the kernel without it: by wrong numbers, or by the end of the program with a
//! line that says where.

mod common;

use std::os::unix::process::ExitStatusExt;

use common::{Arg, Buffer, Kernels, case, child};

const SEGMENT_FAULT: i32 = 11;
const ABORT: i32 = 6;

/// Sums of four rows of a hundred, right or wrong.
fn sums_are_right(define: &str) -> Option<bool> {
    let kernels = Kernels::of("reduction.cu", define)?;
    let values: Vec<f32> = (0..400).map(|i| (i % 11) as f32 - 3.0).collect();
    let (x, y) = (Buffer::from(&values), Buffer::<f32>::unwritten(4));
    kernels.run("sums", 4, 128, &[Arg::To(&x), Arg::To(&y), Arg::Unsigned(100)]);
    let expected: Vec<f32> = values.chunks(100).map(|row| row.iter().sum()).collect();
    Some(y.read() == expected)
}

#[test]
fn a_missing_barrier_a_wrong_sum_and_a_row_that_is_left_out_are_wrong() {
    let Some(right) = sums_are_right("") else { return };
    assert!(right);
    for define in ["MISSING_BARRIER", "SUBTRACTS", "LEAVES_OUT_THE_LAST"] {
        assert_eq!(sums_are_right(define), Some(false), "{define}");
    }
}

#[test]
fn a_missing_barrier_shows_where_it_only_guards_a_copy() {
    let sums = |define: &str| {
        let kernels = Kernels::of("reduction.cu", define)?;
        let (x, y) = (Buffer::from(&[1f32; 128]), Buffer::<f32>::unwritten(1));
        let args = [Arg::To(&x), Arg::To(&y), Arg::Unsigned(128)];
        assert_eq!(kernels.launch("sums_dynamic", [1, 1, 1], [128, 1, 1], 512, &args), 0);
        Some(y.read()[0])
    };
    let Some(right) = sums("") else { return };
    assert_eq!(right, 256.0);
    assert_ne!(sums("MISSING_BARRIER"), Some(256.0));
}

#[test]
fn operands_that_change_places_are_wrong() {
    let differences = |define: &str| {
        let kernels = Kernels::of("shapes.cu", define)?;
        let (x, y, z) = (Buffer::from(&[5f32]), Buffer::from(&[3f32]), Buffer::<f32>::unwritten(1));
        kernels.run("calls", 1, 32, &[Arg::To(&x), Arg::To(&y), Arg::To(&z), Arg::Signed(1)]);
        Some(z.read()[0])
    };
    let Some(right) = differences("") else { return };
    assert_eq!((right, differences("SWAPPED")), (2.0, Some(-2.0)));
}

#[test]
fn what_nobody_has_written_is_no_number() {
    let written = |define: &str| {
        let kernels = Kernels::of("shapes.cu", define)?;
        let y = Buffer::<f32>::unwritten(100);
        kernels.run("written", 1, 128, &[Arg::To(&y), Arg::Signed(100)]);
        Some(y.read().iter().filter(|value| value.is_nan()).count())
    };
    let Some(right) = written("") else { return };
    assert_eq!((right, written("UNWRITTEN")), (0, Some(15)));
}

/// Cases that end the program: how it is ended, and what it says.
const ENDS: [(&str, i32, &[&str]); 12] = [
    (
        "read past the end",
        SEGMENT_FAULT,
        &["kernel sums, block (3, 0, 0)", "outside of its buffers", "1600 bytes"],
    ),
    ("write past the end", SEGMENT_FAULT, &["kernel writes", "thread (0, 0, 0)", "outside of its buffers"]),
    ("write after it is freed", SEGMENT_FAULT, &["kernel writes", "outside of its buffers"]),
    ("misaligned vector", ABORT, &["kernel vectors", "misaligned access of 16 bytes"]),
    ("barrier under divergence", ABORT, &["kernel reversed", "in different places"]),
    ("barrier and warp", ABORT, &["kernel crossed", "deadlock: 1 threads wait at a barrier, 31 for lanes"]),
    ("half a mask", ABORT, &["kernel shuffled_sum", "by a mask that it is not in"]),
    ("diverged shuffle", ABORT, &["kernel shuffled_sum", "deadlock", "16 have ended"]),
    (
        "assertion",
        ABORT,
        &["kernel asserts", "thread (2, 0, 0)", "assertion `x[threadIdx.x] < 5` failed", "ends.cu:5"],
    ),
    ("trap", ABORT, &["kernel traps", "thread (2, 0, 0)", "a trap"]),
    (
        "beyond shared memory",
        ABORT,
        &["kernel beyond_shared", "an access of 4 bytes at 256 of shared memory"],
    ),
    ("nothing wrong", 0, &[]),
];

#[test]
fn mistakes_that_end_the_program() {
    if common::ptx("ends.cu", "").is_none() {
        return;
    }
    for (name, signal, parts) in ENDS {
        let output = child(name, "RUST_BACKTRACE");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.signal().unwrap_or(0), signal, "{name}: {}\n{said}", output.status);
        let line = said.lines().find(|line| line.starts_with("emulator: ")).unwrap_or_default();
        for part in parts {
            assert!(line.contains(part), "{name}: `{part}` is not in `{line}`");
        }
    }
}

/// Not a test: what [`mistakes_that_end_the_program`] runs in a process of its own.
#[test]
fn child_process() {
    let Some(case) = case() else { return };
    let of = |file, define| Kernels::of(file, define).expect("nvcc is there");
    match case.as_str() {
        "read past the end" => {
            sums_are_right("PAST_THE_END");
        }
        "write past the end" => {
            let (kernels, y) = (of("ends.cu", ""), Buffer::<i32>::unwritten(4));
            kernels.run("writes", 1, 1, &[Arg::To(&y), Arg::Signed(4)]);
        }
        "write after it is freed" => {
            let kernels = of("ends.cu", "");
            let address = common::Address::address(&Buffer::<i32>::unwritten(1 << 20));
            kernels.run("writes", 1, 1, &[Arg::Bytes(&address.to_ne_bytes()), Arg::Signed(7)]);
        }
        "misaligned vector" => {
            let (kernels, x) = (of("shapes.cu", "MISALIGNED"), Buffer::<f32>::unwritten(64));
            kernels.run("vectors", 1, 8, &[Arg::To(&x), Arg::To(&x), Arg::Unsigned(64)]);
        }
        "barrier under divergence" => {
            let (kernels, x) = (of("barriers.cu", "UNDER_DIVERGENCE"), Buffer::<i32>::unwritten(128));
            kernels.run("reversed", 1, 128, &[Arg::To(&x), Arg::To(&x), Arg::Signed(128)]);
        }
        "barrier and warp" => {
            let (kernels, y) = (of("barriers.cu", ""), Buffer::<i32>::unwritten(32));
            kernels.run("crossed", 1, 32, &[Arg::To(&y)]);
        }
        "half a mask" | "diverged shuffle" => {
            let define = if case == "half a mask" { "HALF_A_MASK" } else { "DIVERGED" };
            let (kernels, x) = (of("warps.cu", define), Buffer::<f32>::unwritten(32));
            kernels.run("shuffled_sum", 1, 32, &[Arg::To(&x), Arg::To(&x)]);
        }
        "assertion" | "trap" => {
            let name = if case == "trap" { "traps" } else { "asserts" };
            let (kernels, x) = (of("ends.cu", ""), Buffer::from(&[1, 2, 5, 3]));
            kernels.run(name, 1, 4, &[Arg::To(&x)]);
        }
        "beyond shared memory" => {
            let (kernels, x) = (of("ends.cu", ""), Buffer::from(&[1; 64]));
            kernels.run("beyond_shared", 1, 64, &[Arg::To(&x), Arg::To(&x)]);
        }
        _ => assert_eq!(sums_are_right(""), Some(true)),
    }
}
