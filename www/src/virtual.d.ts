declare module 'virtual:catalogue' {
  const bugs: import('../pkg/flags/flags.js').BugTitle[]
  export default bugs
}
