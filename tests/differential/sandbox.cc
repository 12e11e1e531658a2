#include "sandbox.h"

#include <fcntl.h>
#include <glob.h>
#include <net/if.h>
#include <sched.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace sshkeep::differential {
namespace {

std::unexpected<Error> failed(const std::string& what) {
    return fail(ErrorCode::io, what + ": " + std::strerror(errno));
}

/// getaddrinfo() sorts what sshd listens on by what can be reached, so the network must be the same everywhere.
Result<void> raise_loopback() {
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return failed("socket");
    }
    ifreq request{};
    std::strcpy(request.ifr_name, "lo");
    request.ifr_flags = IFF_UP;
    const int status = ::ioctl(fd, SIOCSIFFLAGS, &request);
    ::close(fd);
    if (status != 0) {
        return failed("raising the loopback interface");
    }
    return {};
}

Result<void> mount_overlay(const std::string& root) {
    // By descriptor: /tmp, which the memory file system hides, may be on the way to the root.
    const int lower = ::open(root.c_str(), O_PATH | O_DIRECTORY);
    if (lower < 0) {
        return failed(root);
    }
    if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
        return failed("making the mounts private");
    }
    if (::mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID, "mode=0700,size=256m") != 0) {
        return failed("mounting a tmpfs");
    }
    for (const char* directory : {"/tmp/upper", "/tmp/work", "/tmp/root"}) {
        if (::mkdir(directory, 0755) != 0) {
            return failed(directory);
        }
    }
    const std::string options = "upperdir=/tmp/upper,workdir=/tmp/work,lowerdir=/proc/self/fd/" + std::to_string(lower);
    if (::mount("overlay", "/tmp/root", "overlay", 0, options.c_str()) != 0) {
        return failed("mounting the overlay");
    }
    ::close(lower);
    if (::chroot("/tmp/root") != 0 || ::chdir("/") != 0) {
        return failed("entering the overlay");
    }
    return {};
}

Result<void> add_accounts() {
    std::ofstream passwd("/etc/passwd", std::ios::app);
    std::vector<std::pair<std::string, std::vector<std::string>>> groups;  // name, supplementary members
    const auto members = [&groups](const std::string& name) -> std::vector<std::string>& {
        for (auto& [group, names] : groups) {
            if (group == name) {
                return names;
            }
        }
        return groups.emplace_back(name, std::vector<std::string>{}).second;
    };
    const auto id = [&groups](const std::string& name) {
        std::size_t index = 0;
        while (groups[index].first != name) {
            ++index;
        }
        return std::to_string(7000 + index);
    };
    int uid = 7000;
    for (const Account& account : accounts()) {
        for (std::size_t i = 0; i < account.groups.size(); ++i) {
            auto& names = members(account.groups[i]);
            if (i > 0) {
                names.push_back(account.name);
            }
        }
        passwd << account.name << ":x:" << uid++ << ":" << id(account.groups.front()) << "::/home/" << account.name
               << ":/bin/sh\n";
    }
    std::ofstream group("/etc/group", std::ios::app);
    for (const auto& [name, names] : groups) {
        group << name << ":x:" << id(name) << ":";
        for (std::size_t i = 0; i < names.size(); ++i) {
            group << (i > 0 ? "," : "") << names[i];
        }
        group << "\n";
    }
    passwd.flush();
    group.flush();
    if (!passwd || !group) {
        return failed("adding accounts to the sandbox");
    }
    return {};
}

std::string drain(int fd) {
    std::string bytes;
    struct stat status{};
    if (::fstat(fd, &status) == 0) {
        bytes.resize(static_cast<std::size_t>(status.st_size));
        const ssize_t got = ::pread(fd, bytes.data(), bytes.size(), 0);
        bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    }
    ::close(fd);
    return bytes;
}

}  // namespace

const std::vector<Account>& accounts() {
    static const std::vector<Account> all = {
        {"alice", {"alice", "wheel", "developers"}}, {"bob", {"sftponly"}},
        {"carol.x", {"domain users", "developers"}}, {"Dave", {"Operators", "wheel"}},
        {"svc-backup", {"svc-backup", "sftponly"}},
    };
    return all;
}

Result<void> enter_sandbox(const std::string& root) {
    if (::unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC) != 0) {
        return failed("making namespaces (this needs root)");
    }
    TRY(raise_loopback());
    TRY(mount_overlay(root));
    TRY(add_accounts());
    if (::mkdir("/run/sshd", 0755) != 0 && errno != EEXIST) {
        return failed("/run/sshd");
    }
    return {};
}

Result<Ran> run(const std::vector<std::string>& command) {
    // Memory files, not pipes: nothing can block however much is printed.
    const int out = ::memfd_create("out", MFD_CLOEXEC);
    const int err = ::memfd_create("err", MFD_CLOEXEC);
    if (out < 0 || err < 0) {
        return failed("memfd_create");
    }
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, out, 1);
    ::posix_spawn_file_actions_adddup2(&actions, err, 2);
    std::vector<char*> arguments;
    for (const std::string& argument : command) {
        arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    char* no_environment = nullptr;
    pid_t child = 0;
    const int error = ::posix_spawn(&child, arguments[0], &actions, nullptr, arguments.data(), &no_environment);
    ::posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    if (error == 0) {
        while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
        }
    }
    Ran ran{.status = WEXITSTATUS(status), .crashed = WIFSIGNALED(status), .out = drain(out), .err = drain(err)};
    if (error != 0) {
        errno = error;
        return failed(command[0]);
    }
    return ran;
}

Result<std::string> read_file(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return failed(path);
    }
    std::string bytes;
    std::array<char, 4096> block{};
    ssize_t got = 0;
    while ((got = ::read(fd, block.data(), block.size())) > 0) {
        bytes.append(block.data(), static_cast<std::size_t>(got));
    }
    ::close(fd);
    // Of a directory sshd reads nothing, and does not mind.
    if (got < 0 && errno != EISDIR) {
        return failed(path);
    }
    return bytes;
}

Result<void> write_file(const std::string& path, const std::string& bytes) {
    for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
        if (::mkdir(path.substr(0, slash).c_str(), 0755) != 0 && errno != EEXIST) {
            return failed(path);
        }
    }
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << bytes;
    file.flush();
    if (!file) {
        return failed(path);
    }
    return {};
}

Result<std::string> installed_openssh() {
    const Ran ran = TRY(run({"/usr/bin/dpkg-query", "--show", "--showformat=${Version}", "openssh-server"}));
    if (ran.status != 0 || ran.out.empty()) {
        return fail(ErrorCode::not_found, "the root has no openssh-server: " + ran.err);
    }
    return ran.out;
}

Result<std::vector<std::string>> SandboxFiles::glob(const std::string& pattern) {
    glob_t found{};
    const int status = ::glob(pattern.c_str(), 0, nullptr, &found);
    std::vector<std::string> paths;
    if (status == 0) {
        paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    }
    ::globfree(&found);
    if (status != 0 && status != GLOB_NOMATCH) {
        return failed(pattern);
    }
    return paths;
}

}  // namespace sshkeep::differential
