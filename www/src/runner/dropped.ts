/**
 * The files that were dropped, and those of dropped folders, each named by its path from what was dropped. To be called
 * before the event is over: after that it holds nothing.
 */
export async function droppedFiles({ items }: DataTransfer): Promise<File[]> {
  const dropped = [...items].filter(({ kind }) => kind === 'file')
  const found = dropped.map((item) => {
    const entry = item.webkitGetAsEntry()
    return entry?.isDirectory ? filesIn(entry as FileSystemDirectoryEntry) : [item.getAsFile()!]
  })
  return (await Promise.all(found)).flat()
}

async function filesIn(folder: FileSystemDirectoryEntry): Promise<File[]> {
  const entries = await entriesOf(folder)
  entries.sort((one, other) => (one.name < other.name ? -1 : 1))
  const found = entries.map((entry) =>
    entry.isDirectory ? filesIn(entry as FileSystemDirectoryEntry) : fileOf(entry as FileSystemFileEntry),
  )
  return (await Promise.all(found)).flat()
}

async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  // They come in portions, and the end is an empty one.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return all
    all.push(...some)
  }
}

async function fileOf(entry: FileSystemFileEntry): Promise<File> {
  const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject))
  // A new name for the same bytes, which are not read.
  return new File([file], entry.fullPath.slice(1))
}
