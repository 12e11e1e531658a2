#include "storage/checked_vfs.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <set>
#include <span>

#include "base/check.h"
#include "ledger/hash.h"

namespace sshkeep::storage {
namespace {

constexpr std::size_t content_size = page_size - page_checksum_size;
using Page = std::array<char, page_size>;

thread_local std::uint64_t damaged_page = 0;

/// The checksum covers the page's number too: two pages that change places are found.
void copy_checksum(std::uint64_t number, const char* page, char* out) {
    const std::array<char, 4> prefix{static_cast<char>(number >> 24), static_cast<char>(number >> 16),
                                     static_cast<char>(number >> 8), static_cast<char>(number)};
    const std::array<std::string_view, 2> pieces{std::string_view(prefix.data(), prefix.size()),
                                                 std::string_view(page, content_size)};
    const auto hash = ledger::sha256(pieces);
    std::copy_n(reinterpret_cast<const char*>(hash.data()), page_checksum_size, out);
}

bool is_sound(std::uint64_t number, const char* page) {
    std::array<char, page_checksum_size> expected;
    copy_checksum(number, page, expected.data());
    return std::equal(expected.begin(), expected.end(), page + content_size);
}

/// Followed in memory by the wrapped VFS's file; SQLite allocates szOsFile bytes for both.
struct File {
    sqlite3_file base;
    bool checked;
};

sqlite3_file* real(sqlite3_file* file) { return reinterpret_cast<sqlite3_file*>(reinterpret_cast<File*>(file) + 1); }

bool is_page(sqlite3_file* file, int amount, sqlite3_int64 offset) {
    return reinterpret_cast<File*>(file)->checked && amount == page_size && offset % page_size == 0;
}

std::uint64_t page_number(sqlite3_int64 offset) { return static_cast<std::uint64_t>(offset / page_size) + 1; }

int read(sqlite3_file* file, void* buffer, int amount, sqlite3_int64 offset) {
    const int status = real(file)->pMethods->xRead(real(file), buffer, amount, offset);
    if (status != SQLITE_OK || !is_page(file, amount, offset)) {
        return status;
    }
    if (!is_sound(page_number(offset), static_cast<const char*>(buffer))) {
        damaged_page = page_number(offset);
        return SQLITE_IOERR_DATA;
    }
    return SQLITE_OK;
}

int write(sqlite3_file* file, const void* buffer, int amount, sqlite3_int64 offset) {
    if (!is_page(file, amount, offset)) {
        return real(file)->pMethods->xWrite(real(file), buffer, amount, offset);
    }
    Page page;
    std::copy_n(static_cast<const char*>(buffer), content_size, page.data());
    copy_checksum(page_number(offset), page.data(), page.data() + content_size);
    return real(file)->pMethods->xWrite(real(file), page.data(), amount, offset);
}

// Everything else goes straight through. Memory-mapped reads would pass by the check, so there are none.
int close(sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); }
int truncate(sqlite3_file* f, sqlite3_int64 size) { return real(f)->pMethods->xTruncate(real(f), size); }
int sync(sqlite3_file* f, int flags) { return real(f)->pMethods->xSync(real(f), flags); }
int file_size(sqlite3_file* f, sqlite3_int64* size) { return real(f)->pMethods->xFileSize(real(f), size); }
int lock(sqlite3_file* f, int level) { return real(f)->pMethods->xLock(real(f), level); }
int unlock(sqlite3_file* f, int level) { return real(f)->pMethods->xUnlock(real(f), level); }
int check_lock(sqlite3_file* f, int* held) { return real(f)->pMethods->xCheckReservedLock(real(f), held); }
int control(sqlite3_file* f, int op, void* arg) { return real(f)->pMethods->xFileControl(real(f), op, arg); }
int sector_size(sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); }
int features(sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); }
int shm_map(sqlite3_file* f, int region, int size, int extend, void volatile** at) {
    return real(f)->pMethods->xShmMap(real(f), region, size, extend, at);
}
int shm_lock(sqlite3_file* f, int offset, int n, int flags) {
    return real(f)->pMethods->xShmLock(real(f), offset, n, flags);
}
void shm_barrier(sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); }
int shm_unmap(sqlite3_file* f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); }

const sqlite3_io_methods methods{2,        close,       read,       write,   truncate,    sync,     file_size,
                                 lock,     unlock,      check_lock, control, sector_size, features, shm_map,
                                 shm_lock, shm_barrier, shm_unmap,  nullptr, nullptr};

std::uint32_t big_endian(const char* bytes) {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) {
        value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
    }
    return value;
}

/// Pages whose newest state waits in the write-ahead log: in the file they may be old, torn by a crash, or not there
/// yet. SQLite's format: a header of 32 bytes with two salts at 16, then frames of 24 bytes (page number first, salts
/// at 8) and a page.
std::set<std::uint64_t> pages_in_log(const std::string& path) {
    std::set<std::uint64_t> pages;
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    std::array<char, 32> header{};
    std::array<char, 24> frame{};
    if (fd >= 0 && ::pread(fd, header.data(), header.size(), 0) == static_cast<ssize_t>(header.size())) {
        for (off_t at = 32; ::pread(fd, frame.data(), frame.size(), at) == static_cast<ssize_t>(frame.size()) &&
                            std::equal(frame.begin() + 8, frame.begin() + 16, header.begin() + 16);
             at += static_cast<off_t>(frame.size()) + page_size) {
            pages.insert(big_endian(frame.data()));
        }
    }
    if (fd >= 0) {
        ::close(fd);
    }
    return pages;
}

sqlite3_vfs* wrapped(sqlite3_vfs* vfs) { return static_cast<sqlite3_vfs*>(vfs->pAppData); }

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    auto* own = reinterpret_cast<File*>(file);
    *own = {};
    const int status = wrapped(vfs)->xOpen(wrapped(vfs), name, real(file), flags, out_flags);
    if (real(file)->pMethods != nullptr) {
        own->base.pMethods = &methods;
        own->checked = (flags & SQLITE_OPEN_MAIN_DB) != 0;
    }
    return status;
}

}  // namespace

const char* checked_vfs() {
    static sqlite3_vfs vfs = [] {
        sqlite3_vfs* base = sqlite3_vfs_find(nullptr);
        CHECK(base != nullptr);
        sqlite3_vfs own = *base;
        own.pNext = nullptr;
        own.zName = "sshkeep-checked";
        own.szOsFile = static_cast<int>(sizeof(File)) + base->szOsFile;
        own.pAppData = base;
        own.xOpen = open;
        return own;
    }();
    static const bool registered = sqlite3_vfs_register(&vfs, 0) == SQLITE_OK;
    CHECK(registered);
    return vfs.zName;
}

Result<std::vector<std::uint64_t>> read_damaged_pages(const std::string& path) {
    const auto newer = pages_in_log(path + "-wal");
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        return fail(errno == ENOENT ? ErrorCode::not_found : ErrorCode::io, path + ": " + std::strerror(errno));
    }
    std::vector<std::uint64_t> damaged;
    Page page;
    for (std::uint64_t number = 1; damaged.size() < 100; ++number) {
        ssize_t got = 0;
        // A writer may be moving pages into the file right now: only what stays wrong is damaged.
        for (int attempt = 0; attempt < 5; ++attempt) {
            got = ::pread(fd, page.data(), page.size(), static_cast<off_t>((number - 1) * page_size));
            if (got <= 0 || (got == page_size && is_sound(number, page.data()))) {
                break;
            }
            ::usleep(static_cast<unsigned>(attempt) * 1000U);
        }
        if (got <= 0) {
            break;
        }
        if ((got != page_size || !is_sound(number, page.data())) && !newer.contains(number)) {
            damaged.push_back(number);
        }
    }
    ::close(fd);
    return damaged;
}

std::uint64_t last_damaged_page() noexcept { return damaged_page; }

}  // namespace sshkeep::storage
