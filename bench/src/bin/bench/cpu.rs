//! Which core we run on.

/// The cores that this program may use, as it was started.
pub(crate) fn allowed() -> &'static [usize] {
    static ALLOWED: std::sync::OnceLock<Vec<usize>> = std::sync::OnceLock::new();
    ALLOWED.get_or_init(|| {
        // SAFETY: a set of CPUs is plain data, and the call is given its size.
        unsafe {
            let mut set: libc::cpu_set_t = std::mem::zeroed();
            if libc::sched_getaffinity(0, size_of::<libc::cpu_set_t>(), &mut set) != 0 {
                return Vec::new();
            }
            (0..libc::CPU_SETSIZE as usize)
                .filter(|&n| libc::CPU_ISSET(n, &set))
                .collect()
        }
    })
}

/// The last of them: the first ones have interrupts.
pub(crate) fn last() -> Option<usize> {
    allowed().last().copied()
}

/// This thread stays on one core.
pub(crate) fn stay_on(core: Option<usize>) {
    let Some(core) = core else { return };
    // SAFETY: a set of CPUs is plain data, and the call is given its size.
    let moved = unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        libc::CPU_SET(core, &mut set);
        libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &set)
    };
    if moved != 0 {
        eprintln!("bench: cannot stay on one core");
    }
}
