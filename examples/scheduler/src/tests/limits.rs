//! Limits are read before a thread is started, and too much is refused.

use std::fs;

use crate::kernel::{Memory, kilobytes};
use crate::limits::{Limits, Readings, cgroups};

const OWN: &str = "Limit                     Soft Limit           Hard Limit           Units\n\
    Max processes             4096                 96365                processes\n\
    Max address space         unlimited            unlimited            bytes\n";

fn readings() -> Readings<'static> {
    Readings {
        pid_max: "32768\n",
        threads_max: "192731\n",
        max_map_count: "65530\n",
        loadavg: "0.20 0.18 0.12 1/768 4711\n",
        meminfo: "MemTotal:       24000000 kB\nMemAvailable:   16000000 kB\n",
        ..Readings::default()
    }
}

#[test]
fn shared_limits_are_used_to_half_of_what_is_free_and_mappings_to_nine_tenths() {
    let limits = Limits::from_readings(&readings());
    let found: Vec<(&str, u64)> = limits.limits.iter().map(|l| (l.name, l.threads)).collect();
    // 65530 / 4 * 9 / 10; (32768 - 768) / 2; (192731 - 768) / 2; half of 16 GB in pieces of 48 KiB.
    assert_eq!(
        found,
        [
            ("vm.max_map_count", 14_743),
            ("kernel.pid_max", 16_000),
            ("kernel.threads-max", 95_981),
            ("available memory, bytes", 166_666),
        ]
    );
}

#[test]
fn the_users_own_limit_and_a_control_group_count_where_they_are_tighter() {
    let with_own = Readings {
        own: OWN,
        ..readings()
    };
    let tightest = Limits::from_readings(&with_own);
    assert_eq!(tightest.tightest().unwrap().name, "ulimit -u");
    assert_eq!(tightest.tightest().unwrap().threads, (4096 - 768) / 2);
    let group = [
        ("1000\n".to_owned(), "200\n".to_owned()),
        ("max\n".to_owned(), "900\n".to_owned()),
    ];
    let in_group = Limits::from_readings(&Readings {
        cgroups: &group,
        ..with_own
    });
    assert_eq!(in_group.tightest().unwrap().name, "cgroup pids.max");
    assert_eq!(in_group.tightest().unwrap().threads, 400);
}

#[test]
fn exactly_the_safe_share_is_granted_and_one_more_is_refused_with_the_limit() {
    let limits = Limits::from_readings(&readings());
    assert_eq!(limits.threads(Some(14_743), 10_000), Ok(14_743));
    let sentence = limits.threads(Some(14_744), 10_000).unwrap_err();
    assert!(sentence.contains("14743"), "{sentence}");
    assert!(sentence.contains("vm.max_map_count is 65530"), "{sentence}");
    assert_eq!(limits.threads(None, 10_000), Ok(10_000));
    assert_eq!(limits.threads(None, 20_000), Ok(14_743));
}

#[test]
fn a_machine_without_a_thread_to_spare_is_left_alone() {
    let full = Readings {
        pid_max: "768\n",
        ..readings()
    };
    let limits = Limits::from_readings(&full);
    assert!(limits.threads(None, 10_000).is_err());
    assert!(limits.threads(Some(1), 10_000).is_err());
}

#[test]
fn where_nothing_can_be_read_a_thousand_threads_are_the_most() {
    let limits = Limits::from_readings(&Readings::default());
    assert_eq!(limits.limits, []);
    assert_eq!(limits.threads(None, 10_000), Ok(1000));
    assert_eq!(limits.threads(Some(1000), 10_000), Ok(1000));
    assert!(limits.threads(Some(1001), 10_000).is_err());
}

#[test]
fn half_of_the_available_memory_is_the_most_that_tasks_may_need() {
    let limits = Limits::from_readings(&readings());
    // Half of 16,000,000 KiB is 8,192,000,000 bytes.
    assert!(limits.fits(1_000_000, 8192));
    assert!(!limits.fits(1_000_000, 8193));
    assert!(Limits::default().fits(u32::MAX, u64::from(u32::MAX)));
}

#[test]
fn control_groups_of_both_versions_are_found_with_those_above_them() {
    let root = tempfile::tempdir().unwrap();
    let put = |folder: &str, max: &str| {
        let folder = root.path().join(folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("pids.max"), max).unwrap();
        fs::write(folder.join("pids.current"), "7").unwrap();
    };
    put("shop/search", "max");
    put("shop", "500");
    put("pids/jobs", "90");
    let maxima = |text| -> Vec<String> {
        let found = cgroups(text, root.path());
        found.into_iter().map(|(max, _)| max).collect()
    };
    assert_eq!(maxima("0::/shop/search\n"), ["max", "500"]);
    assert_eq!(maxima("9:memory:/x\n8:cpu,pids:/jobs\n"), ["90"]);
    assert_eq!(maxima("nonsense\n0::/nowhere\n"), Vec::<String>::new());
}

#[test]
fn memory_is_read_from_the_kernels_text_and_missing_where_it_is_not_there() {
    let status = "Name:\tscheduler\nVmSize:\t  3000 kB\nVmHWM:\t   200 kB\nVmRSS:\t   100 kB\n";
    let memory = Memory::parse(status, "KernelStack:       16 kB\n");
    assert_eq!(memory.resident, Some(100 * 1024));
    assert_eq!(memory.peak, Some(200 * 1024));
    assert_eq!(memory.reserved, Some(3000 * 1024));
    assert_eq!(memory.kernel_stacks, Some(16 * 1024));
    assert_eq!(Memory::parse("", ""), Memory::default());
    assert_eq!(kilobytes("VmRSS: many kB", "VmRSS:"), None);
}
