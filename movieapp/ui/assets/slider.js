// A slider: what has the keyboard is what is read out, with its name, and its value in words.
export default {
  template: `
    <input type="range" class="slider" :min="min" :max="max" :step="step" :value="now" :style="{ '--steps': words.length - 1, '--share': place / (words.length - 1) }"
      :aria-label="label" :aria-valuetext="words[place]" @input="$emit('update:modelValue', Number($event.target.value))">`,
  props: { modelValue: {}, min: Number, max: Number, step: Number, label: String, words: Array },
  emits: ["update:modelValue"],
  computed: {
    now() {
      return Number(this.modelValue);
    },
    place() {
      return Math.round((this.now - this.min) / this.step);
    },
  },
};
