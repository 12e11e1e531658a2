#include "storage/libcurl.h"

#include <dlfcn.h>

#include <string>

namespace sshkeep::storage {
namespace {

template <class Function>
bool find(void* library, const char* name, Function& function) {
    // POSIX lets dlsym's pointer to an object be used as the function it names.
    function = reinterpret_cast<Function>(::dlsym(library, name));
    return function != nullptr;
}

}  // namespace

Result<Libcurl> Libcurl::load() {
    void* library = ::dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        return fail(ErrorCode::unsupported, std::string("libcurl is needed for this: ") + ::dlerror());
    }
    Libcurl curl;
    const bool complete = find(library, "curl_easy_init", curl.easy_init) &&
                          find(library, "curl_easy_setopt", curl.easy_setopt) &&
                          find(library, "curl_easy_perform", curl.easy_perform) &&
                          find(library, "curl_easy_getinfo", curl.easy_getinfo) &&
                          find(library, "curl_easy_strerror", curl.easy_strerror) &&
                          find(library, "curl_easy_cleanup", curl.easy_cleanup);
    if (!complete) {
        return fail(ErrorCode::unsupported, "this libcurl lacks a function of its easy interface");
    }
    return curl;
}

}  // namespace sshkeep::storage
