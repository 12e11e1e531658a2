#pragma once

#include <curl/curl.h>

#include "base/result.h"

namespace sshkeep::storage {

/// libcurl's easy interface, loaded when it is first needed: linked, its libraries and theirs would cost every start of
/// the program more than a whole audit. Stays loaded until the process ends.
struct Libcurl {
    decltype(&::curl_easy_init) easy_init = nullptr;
    decltype(&::curl_easy_setopt) easy_setopt = nullptr;
    decltype(&::curl_easy_perform) easy_perform = nullptr;
    decltype(&::curl_easy_getinfo) easy_getinfo = nullptr;
    decltype(&::curl_easy_strerror) easy_strerror = nullptr;
    decltype(&::curl_easy_cleanup) easy_cleanup = nullptr;

    /// Error `unsupported` when the library is not installed or lacks a function.
    [[nodiscard]] static Result<Libcurl> load();
};

}  // namespace sshkeep::storage
