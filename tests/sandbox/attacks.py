"""Attacks from inside a run that the kernel refuses, as the text of attempts, each under the promise that it tries to break:
it prints `OPEN` and what it got, or `refused` and why.

Harmless: every target is made by the test. `PRELUDE` is what they share.
"""

from collections.abc import Iterable

import pytest
from _pytest.mark.structures import ParameterSet

PRELUDE = """
import ctypes, errno, os, resource, signal, socket, struct, sys, threading
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long

def call(number, *arguments):
    result = libc.syscall(number, *arguments)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result

def attempt(*arguments): return 0

def attack():
{body}

try:
    print("OPEN", attack())
except BaseException as problem:
    print("refused", type(problem).__name__, getattr(problem, "errno", None), problem)
"""

REFUSED = {
    # the network and its cousins
    "cant_open_a_tcp_socket": "return socket.socket()",
    "cant_open_a_udp_socket": "return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "cant_reach_the_machines_host_by_vsock": "return socket.socket(40, socket.SOCK_STREAM)",
    "cant_open_a_netlink_socket": "return socket.socket(16, socket.SOCK_RAW, 0)",
    "cant_open_a_unix_socket": "return socket.socket(socket.AF_UNIX)",
    "cant_pair_sockets_of_another_family": "return socket.socketpair(socket.AF_INET)",
    "cant_name_a_socket_of_a_pair": "a, b = socket.socketpair()\n    return a.bind('\\0viva')",
    "cant_open_a_raw_packet_socket": "return socket.socket(17, socket.SOCK_RAW, 0)",
    "cant_ask_the_kernel_for_its_ciphers": "return socket.socket(38, socket.SOCK_SEQPACKET, 0)",
    "cant_connect_the_wire_elsewhere": "return call(42, 3, b'\\1\\0\\0viva', 7)",
    # other processes
    "cant_fork": "return os.fork()",
    "cant_fork_by_clone": "return call(56, 17, 0, 0, 0, 0)",
    "cant_fork_by_clone3": (
        "block = struct.pack('11Q', 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0)\n    return call(435, block, len(block))"
    ),
    "cant_start_a_program": "return os.posix_spawn('/python/bin/python3.11', ['python'], {})",
    "cant_become_another_program": "return os.execv('/usr/lib/x', ['x'])",
    "cant_signal_everybody": "return os.kill(-1, 0)",
    "cant_signal_its_parent": "return call(62, 0, 0)",
    "cant_signal_a_thread_of_another_process": "return call(234, 2, 2, 0)",
    "cant_ptrace": "return call(101, 0, 0, 0, 0)",
    "cant_read_the_memory_of_another_process": "return call(310, 1, 0, 0, 0, 0, 0)",
    "cant_hold_another_process": "return call(434, 1, 0)",
    "cant_change_the_limits_of_another_process": "return resource.prlimit(2, resource.RLIMIT_CORE)",
    "cant_change_the_priority_of_its_user": "return os.setpriority(os.PRIO_USER, 0, 5)",
    "cant_fork_by_vfork": "return call(58)",
    "cant_fork_twice_to_slip_away": "return os.fork() or os.fork()",
    "cant_start_a_session_of_its_own": "return os.setsid()",
    "cant_start_a_program_from_a_descriptor": "return call(322, os.open('/python/bin', 0), b'python3.11', 0, 0, 0)",
    "cant_start_a_worker_of_multiprocessing": "import multiprocessing\n    return multiprocessing.Process(target=print).start()",
    "cant_write_the_memory_of_another_process": "return call(311, 1, 0, 0, 0, 0, 0)",
    "cant_take_a_descriptor_of_another_process": "return call(438, 0, 0, 0)",
    "cant_be_dumped_for_another_to_read": "return call(157, 4, 1, 0, 0, 0)",
    "cant_choose_its_cores": "return os.sched_setaffinity(0, {0})",
    # the kernel's side doors
    "cant_leave_a_key": "return call(248, b'user', b'note', b'x', 1, ctypes.c_int(-3))",
    "cant_ask_for_the_session_keyring": "return call(250, 0, ctypes.c_int(-3), 0)",
    "cant_use_io_uring": "return call(425, 4, ctypes.create_string_buffer(120))",
    "cant_use_userfaultfd": "return call(323, 1)",
    "cant_take_anonymous_memory_beyond_the_limit": "return os.memfd_create('x')",
    "cant_load_bpf": "return call(321, 0, ctypes.create_string_buffer(72), 72)",
    "cant_count_the_machines_events": "return call(298, ctypes.create_string_buffer(128), 0, -1, -1, 0)",
    "cant_read_the_kernels_log": "return call(103, 3, ctypes.create_string_buffer(100), 100)",
    "cant_share_memory_of_system_v": "return call(29, 7, 4096, 0o1666)",
    "cant_open_a_message_queue": "return call(240, b'viva', 0o102, 0o600, None)",
    "cant_watch_files": "return call(294, 0)",
    "cant_take_another_personality": "return call(135, 8)",
    "cant_load_a_filter_of_its_own": "return call(317, 0, 0, 0)",
    "cant_make_a_timer_that_signals": "return call(222, 0, 0, 0)",
    "cant_ask_another_for_a_key": "return call(249, b'user', b'note', 0, 0)",
    "cant_enter_an_io_uring": "return call(426, 3, 1, 0, 0, 0, 0)",
    "cant_seal_memory": "return call(319, b'x', 2)",
    "cant_hide_memory": "return call(447, 0)",
    "cant_lock_memory": "return call(149, ctypes.create_string_buffer(4096), 4096)",
    "cant_share_a_semaphore_of_system_v": "return call(64, 7, 1, 0o1666)",
    "cant_send_a_message_of_system_v": "return call(68, 7, 0o1666)",
    "cant_share_posix_memory": (
        "from multiprocessing import shared_memory\n    return shared_memory.SharedMemory('viva', True, 4096)"
    ),
    "cant_share_a_posix_semaphore": "import multiprocessing\n    return multiprocessing.Semaphore()",
    "cant_move_pages_into_a_pipe": "a, b = os.pipe()\n    return os.splice(a, b, 1)",
    "cant_type_into_a_terminal": "import fcntl, termios\n    return fcntl.ioctl(0, termios.TIOCSTI, b'x')",
    "cant_widen_a_pipe": "import fcntl\n    return fcntl.fcntl(os.pipe()[1], 1031, 1 << 20)",
    "cant_set_the_clock": "import time\n    return time.clock_settime(time.CLOCK_REALTIME, 0)",
    "cant_name_the_machine": "return socket.sethostname('viva')",
    # rights
    "cant_make_a_user_namespace": "return call(272, 0x10000000)",
    "cant_join_another_namespace": "return call(308, 0, 0)",
    "cant_mount": "return call(165, b'x', b'/tmp', b'tmpfs', 0, 0)",
    "cant_remount": "return call(165, b'', b'/', 0, 32, 0)",
    "cant_change_its_root": "return os.chroot('/tmp')",
    "cant_become_another_user": "return os.setuid(0)",
    "cant_survive_the_supervisors_death": "return call(157, 1, 0, 0, 0, 0)",
    "cant_make_a_device": "return os.mknod('/tmp/x', 0o666 | 0o020000, os.makedev(1, 1))",
    "cant_own_the_signals_of_a_descriptor": "return call(72, 0, 8, 1)",
    "cant_raise_its_limits": "return resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
    "cant_set_a_limit_whose_kill_would_look_like_the_machines": (
        "return resource.setrlimit(resource.RLIMIT_CPU, (1, 1))"
    ),
    "cant_hold_more_descriptors": "return [os.dup(0) for _ in range(200)]",
    "cant_change_an_owner": "open('/tmp/x', 'w').close()\n    return os.chown('/tmp/x', 0, 0)",
    "cant_open_a_file_by_its_handle": "return call(304, 0, ctypes.create_string_buffer(16), 0)",
    # files
    "cant_read_files_of_the_host": "return open('/etc/passwd').read()",
    "cant_list_proc": "return os.listdir('/proc')",
    "cant_list_sys": "return os.listdir('/sys')",
    "cant_list_a_home": "return os.listdir('/root')",
    "cant_write_beside_tmp": "return open('/note', 'w')",
    "cant_write_over_the_environment": "return open('/env/numpy/note', 'w')",
    "cant_write_over_our_code": "return open('/viva/inside/frames.py', 'a')",
    "cant_find_the_old_root": "return os.listdir('/old')",
    "cant_open_a_disk": "return os.open('/dev/vda', os.O_RDONLY)",
    "cant_open_the_terminal": "return os.open('/dev/tty', os.O_RDWR)",
    "cant_list_shared_memory": "return os.listdir('/dev/shm')",
    "cant_map_a_program_from_tmp": (
        "import mmap\n    open('/tmp/x', 'wb').write(b'x' * 4096)\n"
        "    return mmap.mmap(os.open('/tmp/x', os.O_RDONLY), 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC)"
    ),
    "cant_fill_more_of_tmp_than_it_may_hold": "return [open(f'/tmp/{n}', 'wb').write(b'x' * (8 << 20)) for n in range(3)]",
    "cant_write_one_file_over_its_limit": "return open('/tmp/big', 'wb').write(b'x' * (17 << 20))",
    "cant_make_more_files_than_tmp_may_hold": "return [open(f'/tmp/{n}', 'wb').close() for n in range(1100)]",
    "cant_read_its_own_memory_by_proc": "return open('/proc/self/mem', 'rb').read(1)",
    "cant_read_its_parents_environment": "return open('/proc/1/environ').read()",
    "cant_reopen_a_descriptor_by_proc": "return os.open('/proc/self/fd/1', os.O_RDWR)",
    "cant_follow_a_link_out_of_tmp": "os.symlink('/etc/passwd', '/tmp/l')\n    return open('/tmp/l').read()",
    "cant_climb_out_by_a_folder_of_links": "os.symlink('/proc/1/root', '/tmp/r')\n    return os.listdir('/tmp/r/etc')",
    "cant_hard_link_our_code_into_tmp": "return os.link('/viva/inside/frames.py', '/tmp/f')",
    "cant_rename_its_way_into_our_code": "open('/tmp/x', 'w').close()\n    return os.rename('/tmp/x', '/viva/inside/x')",
    "cant_make_our_code_writable": "return os.chmod('/viva/inside/frames.py', 0o666)",
    "cant_leave_compiled_code_beside_a_module": "return os.mkdir('/env/numpy/viva')",
    "cant_lock_a_file_that_others_share": (
        "import fcntl\n    return fcntl.flock(os.open('/viva/inside/frames.py', os.O_RDONLY), fcntl.LOCK_EX)"
    ),
    "cant_lock_a_part_of_a_file_that_others_share": (
        "import fcntl\n    return fcntl.lockf(os.open('/viva/inside/frames.py', os.O_RDONLY), fcntl.LOCK_SH)"
    ),
    "cant_nest_folders_without_end": ("for _ in range(2000):\n        os.mkdir('a')\n        os.chdir('a')"),
    "cant_pretend_that_a_file_is_small": (
        "return call(285, os.open('/tmp/s', os.O_CREAT | os.O_RDWR), 0, ctypes.c_long(0), ctypes.c_long(32 << 20))"
    ),
    # what was inherited
    "cant_start_threads_without_a_limit": (
        "stop = threading.Event()\n    return [threading.Thread(target=stop.wait, daemon=True).start() for _ in range(99)]"
    ),
}


def third_as_nobody(table: Iterable[str]) -> list[ParameterSet]:
    """Names as parameters, every third of them tried as an ordinary user too."""
    return [
        pytest.param(name, id=name, marks=[pytest.mark.ordinary_user] if at % 3 == 0 else [])
        for at, name in enumerate(sorted(table))
    ]
