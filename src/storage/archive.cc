#include "storage/archive.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/text.h"
#include "ledger/record.h"
#include "storage/files.h"

namespace sshkeep::storage {
namespace {

constexpr std::string_view magic = "sshkeep-ledger-archive v1";
using File = std::unique_ptr<std::FILE, CloseFile>;

bool put(std::FILE* file, std::string_view bytes) {
    return std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
}

Result<std::string> read_line(std::FILE* file, const std::string& path) {
    std::string line;
    for (int c = std::fgetc(file); c != '\n'; c = std::fgetc(file)) {
        if (c == EOF || line.size() == 1024) {
            return fail(ErrorCode::invalid, path + ": not an archive of records");
        }
        line += static_cast<char>(c);
    }
    return line;
}

Result<std::uint64_t> read_number(std::FILE* file, const std::string& path, std::string_view keyword) {
    const auto line = TRY(read_line(file, path));
    const auto number =
        line.starts_with(keyword) ? parse_uint(std::string_view(line).substr(keyword.size())) : std::nullopt;
    if (!number) {
        return fail(ErrorCode::invalid, path + ": not an archive of records");
    }
    return *number;
}

/// A length of four bytes and that many bytes; false when they are not there or too many.
bool read_entry(std::FILE* file, std::string& record) {
    std::array<unsigned char, 4> length{};
    if (std::fread(length.data(), 1, length.size(), file) != length.size()) {
        return false;
    }
    const auto size = static_cast<std::size_t>(length[0]) << 24 | static_cast<std::size_t>(length[1]) << 16 |
                      static_cast<std::size_t>(length[2]) << 8 | length[3];
    record.resize(std::min(size, ledger::max_record));
    return size <= ledger::max_record && std::fread(record.data(), 1, size, file) == size;
}

}  // namespace

Result<ArchiveWriter> ArchiveWriter::create(const std::string& directory, const ArchiveHeader& header) {
    ArchiveWriter writer;
    writer.directory_ = directory;
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
        return std::unexpected(system_error(directory));
    }
    writer.path_ =
        directory + "/records-" + std::to_string(header.first) + '-' + std::to_string(header.end) + ".archive";
    const auto beside = writer.path_ + ".tmp";
    ::unlink(beside.c_str());
    const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    writer.file_.reset(fd < 0 ? nullptr : ::fdopen(fd, "wb"));
    if (!writer.file_) {
        return std::unexpected(system_error(beside));
    }
    const auto text = std::string(magic) + '\n' + header.origin + "\nfirst " + std::to_string(header.first) + "\nend " +
                      std::to_string(header.end) + "\n\n";
    if (!put(writer.file_.get(), text)) {
        return std::unexpected(system_error(beside));
    }
    return writer;
}

Result<void> ArchiveWriter::add(std::string_view record) {
    const auto size = static_cast<std::uint32_t>(record.size());
    const std::array<char, 4> length{static_cast<char>(size >> 24), static_cast<char>(size >> 16),
                                     static_cast<char>(size >> 8), static_cast<char>(size)};
    if (!put(file_.get(), std::string_view(length.data(), length.size())) || !put(file_.get(), record)) {
        return std::unexpected(system_error(path_));
    }
    return {};
}

Result<void> ArchiveWriter::finish() {
    const auto beside = path_ + ".tmp";
    if (std::fflush(file_.get()) != 0 || ::fsync(::fileno(file_.get())) != 0 ||
        ::rename(beside.c_str(), path_.c_str()) != 0) {
        return std::unexpected(system_error(path_));
    }
    file_.reset();
    return sync_directory(directory_);
}

Result<ArchiveHeader> read_archive(const std::string& path,
                                   const std::function<bool(std::uint64_t, std::string_view)>& visit) {
    const File file(std::fopen(path.c_str(), "rbe"));
    if (!file) {
        return std::unexpected(system_error(path));
    }
    if (TRY(read_line(file.get(), path)) != magic) {
        return fail(ErrorCode::invalid, path + ": not an archive of records");
    }
    ArchiveHeader header{.origin = TRY(read_line(file.get(), path))};
    header.first = TRY(read_number(file.get(), path, "first "));
    header.end = TRY(read_number(file.get(), path, "end "));
    TRY(read_line(file.get(), path));
    std::string record;
    for (auto sequence = header.first; sequence < header.end; ++sequence) {
        if (!read_entry(file.get(), record)) {
            return fail(ErrorCode::invalid, path + ": damaged or cut short at record " + std::to_string(sequence));
        }
        if (!visit(sequence, record)) {
            break;
        }
    }
    return header;
}

}  // namespace sshkeep::storage
