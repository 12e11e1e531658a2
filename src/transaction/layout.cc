#include "transaction/layout.h"

#include <algorithm>

namespace sshkeep::transaction {

std::string directory_of(const std::string& path) { return path.substr(0, std::max<std::size_t>(path.rfind('/'), 1)); }

std::vector<std::string> directories_of(const Manifest& manifest) {
    std::vector<std::string> directories;
    directories.reserve(manifest.changes.size() + 2);
    for (const auto& change : manifest.changes) {
        directories.push_back(directory_of(change.path));
    }
    if (manifest.systemd) {
        directories.push_back(directory_of(boot_unit(manifest)));
        directories.push_back(directory_of(boot_link(manifest)));
    }
    std::ranges::sort(directories);
    const auto repeated = std::ranges::unique(directories);
    directories.erase(repeated.begin(), repeated.end());
    return directories;
}

std::string beside(const Manifest& manifest, std::size_t change) {
    return directory_of(manifest.changes[change].path) + "/.sshkeep-" + manifest.id + "-" + std::to_string(change);
}

std::string unit_name(const Manifest& manifest) { return "sshkeep-revert-" + manifest.id; }

std::string boot_unit(const Manifest& manifest) {
    return "/etc/systemd/system/sshkeep-boot-" + manifest.id + ".service";
}

std::string boot_link(const Manifest& manifest) {
    return "/etc/systemd/system/sysinit.target.wants/sshkeep-boot-" + manifest.id + ".service";
}

std::string boot_unit_text(const Manifest& manifest, const std::string& directory) {
    return "[Unit]\n"
           "Description=Undo the unconfirmed SSH change " +
           manifest.id +
           "\n"
           "DefaultDependencies=no\n"
           "RequiresMountsFor=" +
           directory +
           " /etc/ssh\n"
           "After=local-fs.target\n"
           "Before=sysinit.target ssh.service sshd.service ssh.socket sshd.socket\n"
           "\n"
           "[Service]\n"
           "Type=oneshot\n"
           "ExecStart=/bin/sh " +
           directory + "/revert.sh boot\n";
}

}  // namespace sshkeep::transaction
