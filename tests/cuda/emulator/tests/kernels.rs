//! Kernels without mistakes compute what they say.

mod common;

use common::{Arg, Buffer, Kernels};

#[test]
fn sums_in_shared_memory() {
    let Some(kernels) = Kernels::of("reduction.cu", "") else { return };
    let (rows, columns) = (7, 300);
    let values: Vec<f32> = (0..rows * columns).map(|i| ((i * 7919) % 13) as f32 - 6.0).collect();
    let (x, y) = (Buffer::from(&values), Buffer::<f32>::unwritten(rows));
    kernels.run("sums", rows as u32, 128, &[Arg::To(&x), Arg::To(&y), Arg::Unsigned(columns as u32)]);
    let expected: Vec<f32> = values.chunks(columns).map(|row| row.iter().sum()).collect();
    assert_eq!(y.read(), expected);

    let columns = 100;
    let launched = kernels.launch(
        "sums_dynamic",
        [rows as u32, 1, 1],
        [128, 1, 1],
        128 * 4,
        &[Arg::To(&x), Arg::To(&y), Arg::Unsigned(columns as u32)],
    );
    assert_eq!(launched, 0);
    let expected: Vec<f32> =
        values.chunks(columns).take(rows).map(|row| 2.0 * row.iter().sum::<f32>()).collect();
    assert_eq!(y.read(), expected);
}

#[test]
fn shuffles() {
    let Some(kernels) = Kernels::of("warps.cu", "") else { return };
    let values: Vec<f32> = (0..192).map(|i| i as f32).collect();
    let (x, y) = (Buffer::from(&values), Buffer::<f32>::unwritten(6));
    kernels.run("shuffled_sum", 2, 96, &[Arg::To(&x), Arg::To(&y)]);
    let expected: Vec<f32> = values.chunks(32).map(|warp| warp.iter().sum()).collect();
    assert_eq!(y.read(), expected);
}

#[test]
fn votes_of_a_warp() {
    let Some(kernels) = Kernels::of("warps.cu", "") else { return };
    let own: Vec<i32> = (0..32).map(|lane| lane % 5).collect();
    let (x, y) = (Buffer::from(&own), Buffer::<u32>::unwritten(32 * 12));
    kernels.run("votes", 1, 32, &[Arg::To(&x), Arg::To(&y)]);
    let lanes = |holds: &dyn Fn(usize) -> bool| {
        (0..32).filter(|lane| holds(*lane)).fold(0u32, |bits, lane| bits | 1 << lane)
    };
    for (lane, found) in y.read().chunks(12).enumerate() {
        let value = own[lane];
        let up = if lane % 8 >= 3 { own[lane - 3] } else { value };
        let expected = [
            lanes(&|other| own[other] > 2),
            1,
            1,
            lanes(&|other| own[other] == value),
            !0,
            1,
            own.iter().sum::<i32>() as u32,
            (4i32 - 5) as u32,
            own[lane ^ 1] as u32,
            up as u32,
            own[lane / 16 * 16 + 5] as u32,
            if lane % 3 == 0 { lanes(&|other| other % 3 == 0) } else { 0 },
        ];
        assert_eq!(found, expected, "lane {lane}");
    }
}

#[test]
fn running_sums_over_warps() {
    let Some(kernels) = Kernels::of("warps.cu", "") else { return };
    let values: Vec<i32> = (0..150).map(|i| i % 7 - 2).collect();
    let (x, y) = (Buffer::from(&values), Buffer::<i32>::unwritten(151));
    kernels.run("scan", 1, 160, &[Arg::To(&x), Arg::To(&y), Arg::Signed(150)]);
    let mut sum = 0;
    let sums: Vec<i32> = values
        .iter()
        .map(|value| {
            sum += value;
            sum
        })
        .collect();
    // The threads behind the last value hold the whole sum.
    let above = sums.iter().filter(|sum| **sum > 10).count() as i32 + 10;
    assert_eq!(y.read(), [&sums[..], &[above]].concat());
}

#[test]
fn threads_may_return_before_a_barrier() {
    let Some(kernels) = Kernels::of("barriers.cu", "EARLY_RETURN") else { return };
    let values: Vec<i32> = (0..100).collect();
    let (x, y) = (Buffer::from(&values), Buffer::<i32>::unwritten(100));
    kernels.run("reversed", 1, 128, &[Arg::To(&x), Arg::To(&y), Arg::Signed(100)]);
    assert_eq!(y.read(), values.iter().rev().copied().collect::<Vec<_>>());
}

#[test]
fn whole_numbers_in_their_corners() {
    let Some(kernels) = Kernels::of("numbers.cu", "") else { return };
    let (a, b, least) = (-1_234_567i32, 89i32, i32::MIN);
    let (p, q) = (0xDEAD_BEEFu32, 0x0012_3456u32);
    let (c, d) = (-1_234_567_890_123_456_789i64, 987_654_321i64);
    let (e, f) = (0xFEDC_BA98_7654_3210u64, 0x1234_5678_9ABCu64);
    let (i, u, l, v) =
        (Buffer::from(&[a, b, least]), Buffer::from(&[p, q]), Buffer::from(&[c, d]), Buffer::from(&[e, f]));
    let y = Buffer::<u64>::unwritten(41);
    kernels.run("whole", 1, 1, &[Arg::To(&i), Arg::To(&u), Arg::To(&l), Arg::To(&v), Arg::To(&y)]);
    let word = |value: i32| u64::from(value as u32);
    let both = u64::from(q) << 32 | u64::from(p);
    let bytes = [p.to_le_bytes(), q.to_le_bytes()].concat();
    let dot: i32 =
        (0..4).map(|i| i32::from(p.to_le_bytes()[i] as i8) * i32::from(q.to_le_bytes()[i] as i8)).sum();
    let expected = [
        word(a / b),
        word(a % b),
        u64::from(p / q),
        u64::from(p % q),
        (c / d) as u64,
        (c % d) as u64,
        e / f,
        e % f,
        word(((i64::from(a) * i64::from(b)) >> 32) as i32),
        (u64::from(p) * u64::from(q)) >> 32,
        ((i128::from(c) * i128::from(d)) >> 64) as u64,
        ((u128::from(e) * u128::from(f)) >> 64) as u64,
        (i64::from(a) * i64::from(b)) as u64,
        u64::from(p) * u64::from(q),
        word(least.wrapping_abs()),
        word(a >> 3),
        u64::from(p >> 3),
        u64::from(p << (q & 31)),
        u64::from(a.leading_zeros()),
        u64::from(c.leading_zeros()),
        u64::from(p.count_ones()),
        u64::from(e.count_ones()),
        u64::from(p.reverse_bits()),
        e.reverse_bits(),
        u64::from(p.trailing_zeros() + 1),
        u64::from(u32::from_le_bytes([bytes[1], bytes[5], bytes[3], bytes[7]])),
        (both << 9) >> 32,
        (both >> 9) & 0xFFFF_FFFF,
        u64::from(a.abs_diff(b).wrapping_add(p)),
        word(a.min(b)),
        u64::from(p.max(q)),
        u64::from((p & q) | (!p & a as u32)),
        u64::from(u32::from(p as u8).wrapping_add(i32::from(p as i8) as u32)),
        word(i32::from(a as i16)),
        word(dot.wrapping_add(a)),
        word(i32::from((p >> 4) as u8 as i8)),
        u64::from((q & !(0xFFF << 8)) | (p & 0xFFF) << 8),
        0,
        word(-1),
        u64::from(p) + u64::from(q) + (7 << 32),
        (u64::from(q) + (7 << 32)).wrapping_sub(u64::from(p)),
    ];
    for (place, (found, expected)) in y.read().iter().zip(expected).enumerate() {
        assert_eq!(*found, expected, "number {place}: {found:#x} and not {expected:#x}");
    }
}

#[test]
fn real_numbers_in_their_corners() {
    let Some(kernels) = Kernels::of("numbers.cu", "") else { return };
    let (a, b, c) = (2.75f32, -1.3f32, 1.234_567_890_123_f64);
    let (x, d) = (Buffer::from(&[a, b, f32::NAN, f32::INFINITY]), Buffer::from(&[c]));
    let (y, z, w) = (Buffer::<f32>::unwritten(29), Buffer::<f64>::unwritten(7), Buffer::<i64>::unwritten(13));
    kernels.run("real", 1, 1, &[Arg::To(&x), Arg::To(&d), Arg::To(&y), Arg::To(&z), Arg::To(&w)]);
    let exact = f64::from(a) * f64::from(b);
    let toward_zero = if f64::from(a * b).abs() > exact.abs() { (a * b).next_up() } else { a * b };
    let nearest = c as f32;
    let (below, above) =
        if f64::from(nearest) > c { (nearest.next_down(), nearest) } else { (nearest, nearest.next_up()) };
    let expected = [
        a.mul_add(b, a),
        a,
        a,
        a.sqrt(),
        1.0 / a.sqrt(),
        a / b,
        b.exp(),
        a.ln(),
        a.sin(),
        a.cos(),
        b.tanh(),
        f64::from(a).powf(f64::from(b)) as f32,
        1.0,
        0.0,
        -a,
        (2.5 * b).round_ties_even(),
        b.floor(),
        b.ceil(),
        b.trunc(),
        a,
        a.next_up(),
        toward_zero,
        nearest,
        below,
        above,
        16_777_216.0,
        18_446_744_073_709_551_615u64 as f32,
        -0.934_007_94,
        0.0,
    ];
    for (place, (found, expected)) in y.read().iter().zip(expected).enumerate() {
        let close = (found - expected).abs() <= 3e-7 * expected.abs();
        // What is exact on a device is exact here.
        let needs_bits = matches!(place, 0..=3 | 5 | 12..=26);
        assert!(if needs_bits { *found == expected } else { close }, "number {place}: {found}, {expected}");
    }
    let expected = [c.exp(), c.ln(), c.powf(1.5), c.tanh(), 1.0 / c, c.sqrt(), f64::from(a)];
    for (place, (found, expected)) in z.read().iter().zip(expected).enumerate() {
        assert!((found - expected).abs() <= 1e-15 * expected.abs(), "number {place}: {found}, {expected}");
    }
    let (most, least) = (i64::from(i32::MAX), i64::from(i32::MIN));
    let expected =
        [2, -1, 0, most, least, 0, i64::from(u32::MAX), 2, -1, -2, i64::MAX, 1 + 2 + 4 + 16, 0x4030_0000];
    assert_eq!(w.read(), expected);
}

#[test]
fn operations_of_many_threads_in_one_place() {
    let Some(kernels) = Kernels::of("atomics.cu", "") else { return };
    let threads = 4 * 96u32;
    let mut start = vec![0, 0, u32::MAX, 0, u32::MAX, 0, 3, 5, 0];
    start.resize(9 + threads as usize, 7);
    let (u, i, l) = (Buffer::from(&start), Buffer::from(&[-1000, 1000]), Buffer::from(&[0u64]));
    let (f, d) = (Buffer::from(&[0f32]), Buffer::from(&[0f64]));
    kernels.run("together", 4, 96, &[Arg::To(&u), Arg::To(&i), Arg::To(&l), Arg::To(&f), Arg::To(&d)]);
    let xor = (0..threads).fold(0, |bits, at| bits ^ at);
    // Up from 3 to 9 and round; down from 5 to 0 and round.
    let (up, down) = ((3 + threads) % 10, (5 + 10 * threads - threads) % 10);
    let expected = [threads, threads - 1, 0, !0, !0 << 7, xor, up, down, 2 * threads];
    let found = u.read();
    assert_eq!(found[..9], expected);
    assert!(found[9..].iter().all(|value| *value == 8));
    assert_eq!(i.read(), [threads as i32 - 101, -100]);
    assert_eq!(l.read(), [u64::from(threads) << 33]);
    assert_eq!((f.read(), d.read()), (vec![0.5 * threads as f32], vec![0.25 * f64::from(threads)]));
}

#[test]
fn launches_of_several_host_threads() {
    let Some(kernels) = Kernels::of("atomics.cu", "") else { return };
    let sum = Buffer::from(&[0u32]);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                common::bind();
                (0..20).for_each(|_| kernels.run("count", 50, 64, &[Arg::To(&sum)]));
            });
        }
    });
    assert_eq!(sum.read(), [4 * 20 * 50 * 64]);
}

#[test]
fn blocks_of_three_dimensions() {
    let Some(kernels) = Kernels::of("shapes.cu", "") else { return };
    let (grid, block) = ([3, 2, 2], [4, 3, 2]);
    let size = [12, 6, 4];
    let y = Buffer::<i32>::unwritten(12 * 6 * 4);
    assert_eq!(kernels.launch("places", grid, block, 0, &[Arg::To(&y)]), 0);
    let expected: Vec<i32> = (0..size[2])
        .flat_map(|z| (0..size[1]).flat_map(move |y| (0..size[0]).map(move |x| 10_000 * z + 100 * y + x)))
        .collect();
    assert_eq!(y.read(), expected);
}

#[test]
fn vectors() {
    let Some(kernels) = Kernels::of("shapes.cu", "") else { return };
    let values: Vec<f32> = (0..64).map(|i| i as f32).collect();
    let (x, y) = (Buffer::from(&values), Buffer::<f32>::unwritten(64));
    kernels.run("vectors", 2, 10, &[Arg::To(&x), Arg::To(&y), Arg::Unsigned(64)]);
    let expected: Vec<f32> = values.chunks(4).flat_map(|four| four.iter().rev().copied()).collect();
    assert_eq!(y.read(), expected);
}

#[test]
fn calls_structs_arrays_and_tables() {
    let Some(kernels) = Kernels::of("shapes.cu", "") else { return };
    let n = 50usize;
    let (a, b): (Vec<f32>, Vec<f32>) = (0..n).map(|i| (i as f32, (3 * i) as f32)).unzip();
    let (x, y, z) = (Buffer::from(&a), Buffer::from(&b), Buffer::<f32>::unwritten(n));
    kernels.run("calls", 1, 64, &[Arg::To(&x), Arg::To(&y), Arg::To(&z), Arg::Signed(n as i32)]);
    let fibonacci = [0, 1, 1, 2, 3, 5, 8, 13];
    let expected: Vec<f32> = (0..n).map(|i| a[i] - b[i] + fibonacci[i % 8] as f32).collect();
    assert_eq!(z.read(), expected);

    let order = [2usize, 7, 1];
    let mut how = 3i32.to_ne_bytes().to_vec();
    how.extend(order.map(|place| place as u8));
    how.push(0);
    how.extend(2f64.to_ne_bytes());
    let y = Buffer::<i32>::unwritten(500);
    kernels.run("digits", 4, 128, &[Arg::Bytes(&how), Arg::To(&y), Arg::Signed(500)]);
    let weights = [3, 1, 4, 1, 5];
    let digit = |at: usize, place: usize| (at / 3usize.pow(place as u32) % 3) as i32;
    let expected: Vec<i32> = (0..500)
        .map(|at| 2 * (0..3).map(|i| digit(at, (order[i] + at) % 8) * weights[(at + i) % 5]).sum::<i32>())
        .collect();
    assert_eq!(y.read(), expected);

    let cases: Vec<i32> = (0..40).map(|at| at % 9).collect();
    let y = Buffer::from(&cases);
    kernels.run("chosen", 1, 64, &[Arg::To(&y), Arg::Signed(40)]);
    let chosen = |at: i32| match at % 9 {
        0 => at * 3,
        1 => at - 7,
        2 => at ^ 21,
        3 => at / 3,
        4 => at % 5,
        5 => -at,
        6 => at << 2,
        _ => 99,
    };
    assert_eq!(y.read(), (0..40).map(chosen).collect::<Vec<_>>());
}
