"""Attacks from inside a run, as the text of attempts: each prints `OPEN` and what it got, or `refused` and why.

Harmless: every target is made by the test. `PRELUDE` is what they share.
"""

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
    "a TCP socket": "return socket.socket()",
    "a UDP socket": "return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "a socket to the machine's host (vsock)": "return socket.socket(40, socket.SOCK_STREAM)",
    "a netlink socket": "return socket.socket(16, socket.SOCK_RAW, 0)",
    "a Unix socket": "return socket.socket(socket.AF_UNIX)",
    "a pair of sockets of another family": "return socket.socketpair(socket.AF_INET)",
    "a name for a socket of a pair": "a, b = socket.socketpair()\n    return a.bind('\\0viva')",
    # other processes
    "a process": "return os.fork()",
    "a process by clone": "return call(56, 17, 0, 0, 0, 0)",
    "a process by clone3": (
        "block = struct.pack('11Q', 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0)\n    return call(435, block, len(block))"
    ),
    "a program": "return os.posix_spawn('/python/bin/python3.11', ['python'], {})",
    "another program in its place": "return os.execv('/usr/lib/x', ['x'])",
    "a signal to everybody": "return os.kill(-1, 0)",
    "a signal to its parent": "return call(62, 0, 0)",
    "a signal to a thread of another process": "return call(234, 2, 2, 0)",
    "ptrace": "return call(101, 0, 0, 0, 0)",
    "memory of another process": "return call(310, 1, 0, 0, 0, 0, 0)",
    "a descriptor of another process": "return call(434, 1, 0)",
    "limits of another process": "return resource.prlimit(2, resource.RLIMIT_CORE)",
    "priority of its user": "return os.setpriority(os.PRIO_USER, 0, 5)",
    # the kernel's side doors
    "a key": "return call(248, b'user', b'note', b'x', 1, ctypes.c_int(-3))",
    "the session keyring": "return call(250, 0, ctypes.c_int(-3), 0)",
    "io_uring": "return call(425, 4, ctypes.create_string_buffer(120))",
    "userfaultfd": "return call(323, 1)",
    "memory without a limit (memfd)": "return os.memfd_create('x')",
    "bpf": "return call(321, 0, ctypes.create_string_buffer(72), 72)",
    "performance counters": "return call(298, ctypes.create_string_buffer(128), 0, -1, -1, 0)",
    "the kernel's log": "return call(103, 3, ctypes.create_string_buffer(100), 100)",
    "shared memory of System V": "return call(29, 7, 4096, 0o1666)",
    "a message queue": "return call(240, b'viva', 0o102, 0o600, None)",
    "inotify": "return call(294, 0)",
    "another personality": "return call(135, 8)",
    "a seccomp filter of its own": "return call(317, 0, 0, 0)",
    "a timer that signals (timer_create)": "return call(222, 0, 0, 0)",
    # rights
    "a user namespace": "return call(272, 0x10000000)",
    "the namespace of another process": "return call(308, 0, 0)",
    "a mount": "return call(165, b'x', b'/tmp', b'tmpfs', 0, 0)",
    "a remount": "return call(165, b'', b'/', 0, 32, 0)",
    "another root": "return os.chroot('/tmp')",
    "another uid": "return os.setuid(0)",
    "a mode for the supervisor's death": "return call(157, 1, 0, 0, 0, 0)",
    "a device": "return os.mknod('/tmp/x', 0o666 | 0o020000, os.makedev(1, 1))",
    "a lease or an owner of a descriptor": "return call(72, 0, 8, 1)",
    "higher limits": "return resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
    "a limit on its own time, whose kill would look like the machine's": (
        "return resource.setrlimit(resource.RLIMIT_CPU, (1, 1))"
    ),
    "more descriptors": "return [os.dup(0) for _ in range(200)]",
    # files
    "files of the host": "return open('/etc/passwd').read()",
    "its own /proc": "return os.listdir('/proc')",
    "/sys": "return os.listdir('/sys')",
    "a home": "return os.listdir('/root')",
    "writing beside /tmp": "return open('/note', 'w')",
    "writing over the environment": "return open('/env/numpy/note', 'w')",
    "writing over our code": "return open('/viva/inside/frames.py', 'a')",
    "the old root": "return os.listdir('/old')",
    "a disk": "return os.open('/dev/vda', os.O_RDONLY)",
    "the terminal": "return os.open('/dev/tty', os.O_RDWR)",
    "shared memory in files": "return os.listdir('/dev/shm')",
    "a program in /tmp": (
        "import mmap\n    open('/tmp/x', 'wb').write(b'x' * 4096)\n"
        "    return mmap.mmap(os.open('/tmp/x', os.O_RDONLY), 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC)"
    ),
    "more in /tmp than it may hold": "return [open(f'/tmp/{n}', 'wb').write(b'x' * (8 << 20)) for n in range(3)]",
    "one file over its limit": "return open('/tmp/big', 'wb').write(b'x' * (17 << 20))",
    "more files in /tmp than it may hold": "return [open(f'/tmp/{n}', 'wb').close() for n in range(1100)]",
    # what was inherited
    "threads without a limit": (
        "stop = threading.Event()\n    return [threading.Thread(target=stop.wait, daemon=True).start() for _ in range(99)]"
    ),
}
