//! Another Rust library in the program: it panics and catches, as ours may.

/// 42 for 41; anything else goes through a caught panic.
#[unsafe(no_mangle)]
pub extern "C" fn other_answer(n: i32) -> i32 {
    let caught = std::panic::catch_unwind(|| {
        std::panic::resume_unwind(Box::new(n + 1));
    });
    *caught.unwrap_err().downcast::<i32>().unwrap()
}
