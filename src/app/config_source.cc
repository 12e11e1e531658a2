#include "app/config_source.h"

#include "app/glob.h"

namespace sshkeep::app {

Result<std::string> ConfigSource::read(const std::string& path) {
    return TRY(host_.read_file(path, ports::Links::follow, file_limit)).bytes;
}

Result<std::vector<std::string>> ConfigSource::glob(const std::string& pattern) {
    const auto absolute = pattern.starts_with('/') ? pattern : "/etc/ssh/" + pattern;
    const auto plain = absolute.substr(0, absolute.find_first_of("*?[\\"));
    const auto slash = plain.rfind('/');
    directories_.insert(slash == 0 ? "/" : plain.substr(0, slash));
    return read_glob(host_, absolute);
}

}  // namespace sshkeep::app
