//! What a program on the host asks the driver and cuBLAS for, and what is refused. No kernel compiler is needed.

mod common;

use std::ffi::CStr;

use common::{Address, Arg, Buffer, Kernels, bind, child};
use istar_emulator::blas::*;
use istar_emulator::counters::*;
use istar_emulator::driver::*;

const DOUBLES: &str = "
    .version 9.0
    .target sm_80
    .address_size 64
    .visible .entry doubles(.param .u64 x, .param .u32 n)
    .maxntid 256, 1, 1
    {
        .reg .pred %p<2>;
        .reg .b32 %r<6>;
        .reg .f32 %f<3>;
        .reg .b64 %rd<5>;
        .shared .align 4 .b8 room[1024];
        ld.param.u64 %rd1, [x];
        ld.param.u32 %r1, [n];
        mov.u32 %r2, %ctaid.x;
        mov.u32 %r3, %ntid.x;
        mov.u32 %r4, %tid.x;
        mad.lo.s32 %r5, %r2, %r3, %r4;
        setp.ge.u32 %p1, %r5, %r1;
        @%p1 bra $L__end;
        cvta.to.global.u64 %rd2, %rd1;
        mul.wide.u32 %rd3, %r5, 4;
        add.s64 %rd4, %rd2, %rd3;
        ld.global.f32 %f1, [%rd4];
        add.f32 %f2, %f1, %f1;
        st.global.f32 [%rd4], %f2;
    $L__end:
        ret;
    }";

#[test]
fn launches_that_a_device_refuses() {
    bind();
    let kernels = Kernels::load(DOUBLES).expect("a module");
    let x = Buffer::from(&[1f32, 2.0, 3.0]);
    let launch = |grid, block, shared| {
        kernels.launch("doubles", grid, block, shared, &[Arg::To(&x), Arg::Unsigned(3)])
    };
    let before = istar_emulator_launches();
    for (grid, block, shared) in [
        ([0, 1, 1], [1, 1, 1], 0),
        ([1, 1, 1], [1, 0, 1], 0),
        ([1, 1, 1], [257, 1, 1], 0),
        ([1, 65_536, 1], [1, 1, 1], 0),
        ([1, 1, 65_536], [1, 1, 1], 0),
        ([1, 1, 1], [1, 1, 65], 0),
        ([1, 1, 1], [1, 1, 1], (48 << 10) - 1024 + 1),
    ] {
        assert_eq!(launch(grid, block, shared), INVALID_VALUE, "{grid:?} {block:?} {shared}");
    }
    assert_eq!(x.read(), [1.0, 2.0, 3.0]);
    assert_eq!(launch([1, 1, 1], [256, 1, 1], (48 << 10) - 1024), SUCCESS);
    assert_eq!(x.read(), [2.0, 4.0, 6.0]);
    assert!(istar_emulator_launches() > before && istar_emulator_modules() > 0);
}

#[test]
fn modules_that_are_refused() {
    bind();
    for text in ["no PTX", &DOUBLES.replace("add.f32", "frobnicate.f32")] {
        assert_eq!(Kernels::load(text).map(|_| ()), Err(INVALID_PTX));
    }
    // A second load comes from the disk, and a kernel of another name is not there.
    let text = std::ffi::CString::new(DOUBLES).expect("no zero inside");
    let (mut module, mut function) = (std::ptr::null_mut(), std::ptr::null_mut());
    // SAFETY: texts end with a zero, and addresses are those of variables.
    unsafe {
        assert_eq!(cuModuleLoadData(&mut module, text.as_ptr().cast()), SUCCESS);
        assert_eq!(cuModuleGetFunction(&mut function, module, c"triples".as_ptr()), NOT_FOUND);
        assert_eq!(cuModuleUnload(module), SUCCESS);
    }
}

#[test]
fn a_thread_without_a_context_is_refused() {
    bind();
    let buffer = Buffer::from(&[1f32]);
    let refused = std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let (mut address, mut context) = (0, std::ptr::null_mut());
            // SAFETY: the addresses are those of variables.
            unsafe {
                assert_eq!(cuCtxGetCurrent(&mut context), SUCCESS);
                assert!(context.is_null());
                let byte = 0u8;
                let copied = cuMemcpyHtoD_v2(buffer.address(), (&raw const byte).cast(), 1);
                [cuMemAlloc_v2(&mut address, 4), copied, cuStreamSynchronize(std::ptr::null_mut())]
            }
        });
        thread.join().expect("no panic")
    });
    assert_eq!(refused, [INVALID_CONTEXT; 3]);
}

#[test]
fn copies_outside_of_buffers_are_refused() {
    bind();
    let buffer = Buffer::from(&[1u8, 2, 3, 4]);
    let mut out = [0u8; 8];
    // SAFETY: the bytes of the host are there.
    unsafe {
        assert_eq!(cuMemcpyDtoH_v2(out.as_mut_ptr().cast(), buffer.address(), 8), INVALID_VALUE);
        assert_eq!(cuMemcpyDtoH_v2(out.as_mut_ptr().cast(), buffer.address() + 2, 2), SUCCESS);
        assert_eq!(cuMemsetD8_v2(buffer.address() + 1, 9, 3), SUCCESS);
        assert_eq!(cuMemsetD8_v2(buffer.address() + 2, 9, 3), INVALID_VALUE);
        assert_eq!(cuMemcpyDtoD_v2(buffer.address(), buffer.address() + 3, 1), SUCCESS);
    }
    assert_eq!((&out[..2], buffer.read()), (&[3, 4][..], vec![9, 9, 9, 9]));
    assert_eq!(cuMemFree_v2(buffer.address() + 1), INVALID_VALUE);
    assert_eq!(Buffer::<u32>::unwritten(3).read(), [u32::MAX; 3]);
}

#[test]
fn buffers_are_counted() {
    bind();
    let (made, live) = (istar_emulator_allocations(), istar_emulator_live_bytes());
    let buffer = Buffer::<u8>::unwritten(1 << 24);
    assert!(istar_emulator_allocations() > made && istar_emulator_live_bytes() >= 1 << 24);
    drop(buffer);
    assert!(istar_emulator_live_bytes() < live + (1 << 24));
}

#[test]
fn errors_have_names() {
    let words = |error| {
        let (mut name, mut text) = (std::ptr::null(), std::ptr::null());
        // SAFETY: the addresses are those of variables, and what they are given ends with a zero.
        unsafe {
            assert_eq!(
                (cuGetErrorName(error, &mut name), cuGetErrorString(error, &mut text)),
                (SUCCESS, SUCCESS)
            );
            (CStr::from_ptr(name).to_owned(), CStr::from_ptr(text).to_owned())
        }
    };
    assert_eq!(words(NO_DEVICE).0.as_c_str(), c"CUDA_ERROR_NO_DEVICE");
    assert_eq!(words(INVALID_CONTEXT).1.as_c_str(), c"invalid device context");
    assert_eq!(words(4711).0.as_c_str(), c"CUDA_ERROR_UNKNOWN");
}

#[test]
fn a_driver_without_a_device() {
    let output = child("no device", NO_DEVICE_VARIABLE);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn counters_at_the_end() {
    let output = child("counters", VARIABLE);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("emulator: 1 launches, 0 products, 1 modules, 1 allocations, 0 bytes live"),
        "{said}"
    );
}

/// Not a test: what the two above run in a process of its own.
#[test]
fn child_process() {
    match common::case().as_deref() {
        Some("no device") => assert_eq!(cuInit(0), NO_DEVICE),
        Some(_) => {
            bind();
            let (kernels, x) = (Kernels::load(DOUBLES).expect("a module"), Buffer::from(&[1f32]));
            kernels.run("doubles", 1, 32, &[Arg::To(&x), Arg::Unsigned(1)]);
        }
        None => {}
    }
}

#[test]
fn products_of_matrices() {
    bind();
    let mut handle = std::ptr::null_mut();
    // SAFETY: the address is that of a variable.
    assert_eq!(unsafe { cublasCreate_v2(&mut handle) }, 0);
    // Column-major: a is 2 x 3, b is 3 x 2.
    let (a, b) =
        (Buffer::from(&[1f32, 4.0, 2.0, 5.0, 3.0, 6.0]), Buffer::from(&[1f32, 2.0, 0.0, 0.0, 1.0, 3.0]));
    let (a, b) = (a.address() as *const f32, b.address() as *const f32);
    let c = Buffer::<f32>::unwritten(4);
    let to = c.address() as *mut f32;
    // SAFETY: buffers and numbers are those of this test.
    unsafe {
        // What is not written yet is not read either.
        assert_eq!(cublasSgemm_v2(handle, 0, 0, 2, 2, 3, &1.0, a, 2, b, 3, &0.0, to, 2), 0);
        assert_eq!(c.read(), [5.0, 14.0, 11.0, 23.0]);
        assert_eq!(cublasSgemm_v2(handle, 1, 1, 2, 2, 3, &2.0, a, 3, b, 2, &1.0, to, 2), 0);
        assert_eq!(c.read(), [5.0 + 2.0 * 3.0, 14.0 + 2.0 * 11.0, 11.0 + 2.0 * 8.0, 23.0 + 2.0 * 28.0]);
        // A leading dimension that is too short, and one that leaves the buffer.
        assert_eq!(cublasSgemm_v2(handle, 0, 0, 2, 2, 3, &1.0, a, 1, b, 3, &0.0, to, 2), 7);
        assert_eq!(cublasSgemm_v2(handle, 0, 0, 2, 2, 3, &1.0, a, 4, b, 3, &0.0, to, 2), 13);
        assert_eq!(
            cublasSgemmStridedBatched(handle, 0, 0, 1, 1, 3, &1.0, a, 1, 3, b, 3, 3, &0.0, to, 1, 1, 2),
            0
        );
        assert_eq!(c.read()[..2], [1.0 + 8.0, 5.0 * 0.0 + 3.0 + 18.0]);
        assert_eq!(cublasSgemv_v2(handle, 0, 2, 3, &1.0, a, 2, b, 1, &0.0, to, 1), 0);
        assert_eq!(c.read()[..2], [5.0, 14.0]);
        assert_eq!(cublasSgemv_v2(handle, 1, 2, 3, &1.0, a, 2, b, 1, &0.0, to, 1), 0);
        assert_eq!(c.read()[..3], [9.0, 12.0, 15.0]);
        // Types by their numbers: f32, and how it is multiplied; in tf32 what has more than ten bits loses them.
        let ex = |a, compute| {
            cublasGemmEx(handle, 0, 0, 1, 1, 1, &1.0, a, 0, 1, b, 0, 1, &0.0, to, 0, 1, compute, -1)
        };
        let (long, short) = (1.0 + 1.0 / 4096.0, 1.0 + 1.0 / 1024.0);
        let (lost, kept) = (Buffer::from(&[long]), Buffer::from(&[short]));
        let (lost, kept) = (lost.address() as *const f32, kept.address() as *const f32);
        for (number, compute, expected) in [(lost, 68, long), (lost, 77, 1.0), (kept, 77, short)] {
            assert_eq!(ex(number, compute), 0);
            assert_eq!(c.read()[0], expected);
        }
        assert_eq!(ex(lost, 64), 15, "f16 is not there");
        assert_eq!(cublasDestroy_v2(handle), 0);
    }
}
