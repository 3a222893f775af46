// SPDX-License-Identifier: GPL-2.0-only
/*
 * A distribution may compress the modules that it installs, ours too. modprobe
 * unpacks them; when it can't be run, the core has to. The module loader can
 * unpack for finit_module() alone, one format only, and not on every kernel
 * (CONFIG_MODULE_DECOMPRESS, since 5.17). So the kernel's decompressors are used
 * directly, those that are built in: the core may depend on no other module.
 *
 * How large the module becomes is known only when it is unpacked, so that is
 * tried into more and more memory. In one piece each time: a stream in parts
 * would need the decompressor's own memory for what it has written before.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/crc32.h>
#include <linux/kernel.h>
#include <linux/kernel_read_file.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <linux/xz.h>
#include <linux/zlib.h>
#include <linux/zstd.h>
#include <linux/zstd_errors.h>

#include "core.h"

/* Larger than any module; what is in a damaged file may unpack to anything. */
#define UNPACKED_MAX SZ_256M

/*
 * An unpacker takes all of @in, and writes at most @room bytes. It returns how
 * many it has written, -ENOSPC if @room is too small, -EBADMSG if @in is
 * damaged, or -ENOMEM.
 */

#if IS_BUILTIN(CONFIG_XZ_DEC)
static ssize_t unpack_xz(const u8 *in, size_t size, u8 *out, size_t room)
{
	struct xz_buf buf = { .in = in, .in_size = size, .out = out, .out_size = room };
	struct xz_dec *xz = xz_dec_init(XZ_SINGLE, 0);
	enum xz_ret ret;

	if (!xz)
		return -ENOMEM;
	ret = xz_dec_run(xz, &buf);
	xz_dec_end(xz);

	switch (ret) {
	case XZ_STREAM_END:
		return buf.in_pos == size ? buf.out_pos : -EBADMSG;
	case XZ_BUF_ERROR:
		return -ENOSPC;
	case XZ_MEM_ERROR:
		return -ENOMEM;
	default:
		return -EBADMSG;
	}
}
#else
#define unpack_xz NULL
#endif

#if IS_BUILTIN(CONFIG_ZSTD_DECOMPRESS)
static ssize_t unpack_zstd(const u8 *in, size_t size, u8 *out, size_t room)
{
	size_t bound = zstd_dctx_workspace_bound(), ret;
	void *workspace = vmalloc(bound);
	zstd_dctx *zstd;

	if (!workspace)
		return -ENOMEM;
	zstd = zstd_init_dctx(workspace, bound);
	ret = zstd_decompress_dctx(zstd, out, room, in, size);
	vfree(workspace);

	if (!zstd_is_error(ret))
		return ret;
	return zstd_get_error_code(ret) == ZSTD_error_dstSize_tooSmall ? -ENOSPC : -EBADMSG;
}
#else
#define unpack_zstd NULL
#endif

#if IS_BUILTIN(CONFIG_ZLIB_INFLATE) && IS_BUILTIN(CONFIG_CRC32)
/* RFC 1952: fixed header, optional parts, data, CRC and size of what was packed. */
#define GZIP_HEADER 10
#define GZIP_TRAILER 8
#define GZIP_HAS_CRC BIT(1)
#define GZIP_HAS_EXTRA BIT(2)
#define GZIP_HAS_NAME BIT(3)
#define GZIP_HAS_COMMENT BIT(4)

static u32 number_at(const u8 *at, size_t size)
{
	__le32 number = 0;

	memcpy(&number, at, size);
	return le32_to_cpu(number);
}

/* Where the data begins; beyond @size if the header isn't whole, or isn't one. */
static size_t gzip_data(const u8 *in, size_t size)
{
	static const u8 magic[] = { 0x1f, 0x8b, 8 };
	size_t at = GZIP_HEADER;
	u8 flags, strings;

	if (size < GZIP_HEADER + GZIP_TRAILER || memcmp(in, magic, sizeof(magic)))
		return SIZE_MAX;

	flags = in[3];
	if (flags & GZIP_HAS_EXTRA)
		at += 2 + number_at(in + at, 2);
	for (strings = flags & (GZIP_HAS_NAME | GZIP_HAS_COMMENT); strings; strings &= strings - 1) {
		while (at < size && in[at])
			at++;
		at++;
	}
	if (flags & GZIP_HAS_CRC)
		at += 2;
	return at;
}

static ssize_t unpack_gzip(const u8 *in, size_t size, u8 *out, size_t room)
{
	struct z_stream_s zlib = { .next_out = out, .avail_out = room };
	size_t at = gzip_data(in, size), packed = 0;
	int ret;

	if (check_add_overflow(at, (size_t)GZIP_TRAILER, &packed) || packed > size)
		return -EBADMSG;
	zlib.next_in = in + at;
	zlib.avail_in = size - packed;

	zlib.workspace = vmalloc(zlib_inflate_workspacesize());
	if (!zlib.workspace)
		return -ENOMEM;
	ret = zlib_inflateInit2(&zlib, -MAX_WBITS);
	if (ret == Z_OK)
		ret = zlib_inflate(&zlib, Z_FINISH);
	vfree(zlib.workspace);

	if (ret == Z_BUF_ERROR && !zlib.avail_out)
		return -ENOSPC;
	if (ret != Z_STREAM_END || zlib.avail_in ||
	    number_at(zlib.next_in, 4) != ~crc32_le(~0U, out, zlib.total_out) ||
	    number_at(zlib.next_in + 4, 4) != zlib.total_out)
		return -EBADMSG;
	return zlib.total_out;
}
#else
#define unpack_gzip NULL
#endif

/* In the order in which they are looked for; @unpack is NULL where the kernel can't. */
static const struct format {
	const char *ending;
	ssize_t (*unpack)(const u8 *in, size_t size, u8 *out, size_t room);
	const char *made_by;
} formats[] = {
	{ "" },
	{ ".xz", unpack_xz, "xz --check=crc32" }, /* it knows no other check */
	{ ".zst", unpack_zstd, "zstd" },
	{ ".gz", unpack_gzip, "gzip" },
};

/* What is packed in @data: its size, with @unpacked for the caller to free, or a negative errno. */
static ssize_t unpack(const struct format *format, const void *data, size_t size, void **unpacked)
{
	size_t room = PAGE_ALIGN(clamp_t(size_t, 4 * size, SZ_64K, UNPACKED_MAX));
	ssize_t ret;
	void *out;

	do {
		out = vmalloc(room);
		if (!out)
			return -ENOMEM;
		ret = format->unpack(data, size, out, room);
		if (ret >= 0)
			*unpacked = out;
		else
			vfree(out);
		room *= 2;
	} while (ret == -ENOSPC && room <= UNPACKED_MAX);
	return ret;
}

static ssize_t read_as(const char *path, const struct format *format, void **data)
{
	char *name = kasprintf(GFP_KERNEL, "%s%s", path, format->ending);
	void *packed = NULL;
	ssize_t size;

	if (!name)
		return -ENOMEM;

	/* READING_MODULE: security modules judge it as one, and warn of a file read for no known purpose. */
	size = kernel_read_file_from_path_initns(name, 0, &packed, INT_MAX, NULL, READING_MODULE);
	if (size < 0)
		goto out;

	if (!format->made_by) {
		*data = packed;
		packed = NULL;
	} else if (!format->unpack) {
		pr_warn("%s is compressed, and this kernel has no decompressor for it built in; put %s there\n",
			name, path);
		size = -EOPNOTSUPP;
	} else {
		size = unpack(format, packed, size, data);
		if (size == -EBADMSG || size == -ENOSPC)
			pr_warn("%s is damaged, or not what this kernel's decompressor takes (that is: %s); compress it again, or put %s there\n",
				name, format->made_by, path);
	}
out:
	vfree(packed);
	kfree(name);
	return size;
}

/**
 * file_read() - read a module's file, which may be compressed
 * @path: of the file, if it isn't; else this is .xz, .zst or .gz longer
 * @data: what is in it, not compressed; vfree() is the caller's
 *
 * Return: the size of @data, or a negative errno; -ENOENT if there is none.
 */
ssize_t file_read(const char *path, void **data)
{
	ssize_t size = -ENOENT;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(formats) && size == -ENOENT; i++)
		size = read_as(path, &formats[i], data);
	return size;
}
